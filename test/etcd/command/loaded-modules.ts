// Loader hooks that write the URL of each loaded module to standard error.
import { writeSync } from "node:fs";
import type { LoadHook } from "node:module";

/** The prefix of a line about a module. */
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
