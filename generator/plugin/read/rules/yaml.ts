import { createRequire } from "node:module";
import type * as Yaml from "yaml";

const require = createRequire(import.meta.url);

/** Returns the package `yaml`, which is loaded on first use because few APIs have rules in YAML. */
export function yaml(): typeof Yaml {
  return require("yaml");
}
