// Loader hooks that write the URL of each module that is loaded to standard error.
import { writeSync } from "node:fs";
import type { LoadHook } from "node:module";

/** What a line about a module begins with. */
export const LOADED = "loaded: ";

export const load: LoadHook = (url, context, nextLoad) => {
  writeSync(2, `${LOADED}${url}\n`);
  return nextLoad(url, context);
};

/** The arguments of Node.js that make a process use the hooks. */
export const TELL_LOADED: readonly string[] = [
  "--import",
  `data:text/javascript,import { register } from "node:module"; register(${JSON.stringify(import.meta.url)});`,
];
