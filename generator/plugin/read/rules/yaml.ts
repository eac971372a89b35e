import { createRequire } from "node:module";
import type * as Yaml from "yaml";

const require = createRequire(import.meta.url);

/** The package `yaml`, loaded when it is first needed: few APIs have rules in YAML. */
export function yaml(): typeof Yaml {
  return require("yaml");
}
