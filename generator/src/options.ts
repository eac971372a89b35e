import type { Diagnostics } from "./read/diagnostics.js";

/** What a user can choose in `opt:` of buf.gen.yaml, or in `--express-gateway_opt` of protoc. */
export interface PluginOptions {
  /** Where ts-proto's output is, as a path from where ours goes. */
  readonly messages: string;
  /** What import paths of other files end in. */
  readonly importExtension: ImportExtension;
  /** What fields are called in the JSON that is written: as in the proto file, or by their JSON names (lowerCamel). */
  readonly jsonNames: JsonNames;
  /** The path of the OpenAPI 3.1 description to write, from where output goes; absent for none. */
  readonly openapi?: string;
  /** The path of the Swagger 2.0 description to write, from where output goes; absent for none. */
  readonly swagger?: string;
  /** The file with the settings of both, as a path from where the compiler runs. */
  readonly api?: string;
}

/** With `none`, import paths have no ending, as bundlers like them. */
export type ImportExtension = "js" | "ts" | "none";

/** Both are read, whichever is written. */
export type JsonNames = "proto" | "json";

const DEFAULTS: PluginOptions = { messages: ".", importExtension: "js", jsonNames: "proto" };

interface OptionRule {
  /** What values are right, in words. */
  readonly values: string;
  /** The options with this one set, or `undefined` for a wrong value. */
  readonly apply: (options: PluginOptions, value: string) => PluginOptions | undefined;
}

const RULES: Readonly<Record<string, OptionRule>> = {
  messages: {
    values: "a relative path",
    apply: (options, value) => (/^$|^[/\\]/.test(value) ? undefined : { ...options, messages: value }),
  },
  import_extension: {
    values: "js, ts or none",
    apply: (options, value) =>
      value === "js" || value === "ts" || value === "none" ? { ...options, importExtension: value } : undefined,
  },
  json_names: {
    values: "proto or json",
    apply: (options, value) => (value === "proto" || value === "json" ? { ...options, jsonNames: value } : undefined),
  },
  openapi: outputFile((options, openapi) => ({ ...options, openapi })),
  swagger: outputFile((options, swagger) => ({ ...options, swagger })),
  api: {
    values: "the path of a JSON file",
    apply: (options, value) => (value === "" ? undefined : { ...options, api: value }),
  },
};

function outputFile(set: (options: PluginOptions, file: string) => PluginOptions): OptionRule {
  return {
    values: "the relative path of a .json file",
    apply: (options, value) => (/^(?![/\\]).*\.json$/.test(value) ? set(options, value) : undefined),
  };
}

/** Parses a plugin's parameter, `name=value` pairs joined by commas. A later value of an option counts. */
export function parseOptions(parameter: string, diagnostics: Diagnostics): PluginOptions {
  let options = DEFAULTS;
  for (const pair of parameter.split(",").filter((text) => text.trim() !== "")) {
    const [name = "", value = ""] = split(pair);
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (rule === undefined) {
      const known = Object.entries(RULES).map(([option, { values }]) => `${option}=(${values})`);
      diagnostics.error(undefined, `unknown plugin option "${name}": the options are ${known.join(", ")}`);
      continue;
    }
    const applied = rule.apply(options, value);
    if (applied === undefined) {
      diagnostics.error(undefined, `plugin option ${name}: "${value}" is not right, write ${rule.values}`);
    }
    options = applied ?? options;
  }
  return options;
}

function split(pair: string): readonly string[] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair.trim()] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}
