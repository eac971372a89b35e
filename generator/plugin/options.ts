import type { Diagnostics } from "./read/diagnostics.js";

/** What a user can choose in `opt:` of buf.gen.yaml, or in `--express-gateway_opt` of protoc. */
export interface PluginOptions {
  /** Where ts-proto's output is, as a path from where ours goes. */
  readonly messages: string;
  /** What ts-proto puts before, and behind, the name of each type: its options of these names. */
  readonly typePrefix: string;
  readonly typeSuffix: string;
  /** Who writes the gRPC definitions of the rpcs: this plugin, or ts-proto, with `outputServices=grpc-js`. */
  readonly definitions: "own" | "ts-proto";
  /** The packages whose names `index.ts` keeps as they are where others have the same. */
  readonly mainPackages: readonly string[];
  /** What import paths of other files end in. */
  readonly importExtension: ImportExtension;
  /** What fields are called in the JSON that is written: as in the proto file, or by their JSON names (lowerCamel). */
  readonly jsonNames: JsonNames;
  /** Whether fields without presence that have their default are left out of the JSON that is written. */
  readonly defaults: "omit" | "write";
  /** Whether requests may have fields that their messages do not, which are then ignored. */
  readonly unknownFields: "ignore" | "refuse";
  /** Whether requests may have enum numbers that their enums do not. */
  readonly unknownEnumNumbers: "accept" | "refuse";
  /**
   * The full names of the services to serve, and of packages whose services are all served, those of imported files
   * included; all that the files to generate declare if empty.
   */
  readonly services: readonly string[];
  /** YAML files with HTTP rules, as paths from where the compiler runs. */
  readonly grpcApiConfiguration: readonly string[];
  /** Whether a rule that is wrong is an error, or only costs its own binding. */
  readonly badRules: "refuse" | "skip";
  /** Which of several rpcs with one route keeps it. */
  readonly sameRoute: "first" | "last";
  /** The labels of `google.api.visibility` that descriptions, and with `omit` the gateway, are for. */
  readonly visibility: readonly string[];
  /** Whether what descriptions leave out, for it has other labels, is served all the same. */
  readonly hidden: "serve" | "omit";
  /** What TypeScript to write. */
  readonly outputs: readonly Output[];
  /** The path of the HTTP client to write, from where output goes; absent for none. */
  readonly client?: string;
  /** The path of the OpenAPI 3.1 description to write, from where output goes; absent for none. */
  readonly openapi?: string;
  /** The path of the Swagger 2.0 description to write, from where output goes; absent for none. */
  readonly swagger?: string;
  /** The file with the settings of both, as a path from where the compiler runs. */
  readonly api?: string;
}

/** What of the options says how JSON is written and read. */
export type JsonOptions = Pick<PluginOptions, "jsonNames" | "defaults" | "unknownFields" | "unknownEnumNumbers">;

/** With `none`, import paths have no ending, as bundlers like them. */
export type ImportExtension = "js" | "ts" | "none";

/** Both are read, whichever is written. */
export type JsonNames = "proto" | "json";

/** A kind of file that is written. */
export type Output = (typeof OUTPUTS)[number];

const OUTPUTS = ["codecs", "gateways", "index"] as const;

const DEFAULTS: PluginOptions = {
  messages: ".",
  typePrefix: "",
  typeSuffix: "",
  definitions: "own",
  mainPackages: [],
  importExtension: "js",
  jsonNames: "proto",
  defaults: "omit",
  unknownFields: "ignore",
  unknownEnumNumbers: "accept",
  services: [],
  grpcApiConfiguration: [],
  badRules: "refuse",
  sameRoute: "first",
  visibility: [],
  hidden: "serve",
  outputs: OUTPUTS,
};

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
  type_prefix: affix((options, typePrefix) => ({ ...options, typePrefix })),
  type_suffix: affix((options, typeSuffix) => ({ ...options, typeSuffix })),
  definitions: oneOf(["own", "ts-proto"], (options, definitions) => ({ ...options, definitions })),
  main_package: fullNames("the full name of a package", (options, name) => ({
    ...options,
    mainPackages: [...options.mainPackages, name],
  })),
  import_extension: oneOf(["js", "ts", "none"], (options, importExtension) => ({ ...options, importExtension })),
  json_names: oneOf(["proto", "json"], (options, jsonNames) => ({ ...options, jsonNames })),
  defaults: oneOf(["omit", "write"], (options, defaults) => ({ ...options, defaults })),
  unknown_fields: oneOf(["ignore", "refuse"], (options, unknownFields) => ({ ...options, unknownFields })),
  unknown_enum_numbers: oneOf(["accept", "refuse"], (options, unknownEnumNumbers) => ({
    ...options,
    unknownEnumNumbers,
  })),
  services: fullNames("the full name of a service or package", (options, name) => ({
    ...options,
    services: [...options.services, name],
  })),
  grpc_api_configuration: {
    values: "the path of a YAML file",
    apply: (options, value) =>
      value === "" ? undefined : { ...options, grpcApiConfiguration: [...options.grpcApiConfiguration, value] },
  },
  bad_rules: oneOf(["refuse", "skip"], (options, badRules) => ({ ...options, badRules })),
  same_route: oneOf(["first", "last"], (options, sameRoute) => ({ ...options, sameRoute })),
  visibility: {
    values: "a label of google.api.visibility",
    apply: (options, value) => (value === "" ? undefined : { ...options, visibility: [...options.visibility, value] }),
  },
  hidden: oneOf(["serve", "omit"], (options, hidden) => ({ ...options, hidden })),
  outputs: oneOf([...OUTPUTS, "none"], (options, output) => ({ ...options, outputs: withOutput(options, output) })),
  client: outputFile("ts", (options, client) => ({ ...options, client })),
  openapi: outputFile("json", (options, openapi) => ({ ...options, openapi })),
  swagger: outputFile("json", (options, swagger) => ({ ...options, swagger })),
  api: {
    values: "the path of a JSON file",
    apply: (options, value) => (value === "" ? undefined : { ...options, api: value }),
  },
};

function oneOf<Value extends string>(
  values: readonly Value[],
  set: (options: PluginOptions, value: Value) => PluginOptions,
): OptionRule {
  return {
    values: `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`,
    apply: (options, text) => {
      const value = values.find((each) => each === text);
      return value === undefined ? undefined : set(options, value);
    },
  };
}

function affix(set: (options: PluginOptions, text: string) => PluginOptions): OptionRule {
  return {
    values: "letters, digits and _",
    apply: (options, value) => (/^\w+$/.test(value) ? set(options, value) : undefined),
  };
}

function fullNames(values: string, add: (options: PluginOptions, name: string) => PluginOptions): OptionRule {
  return { values, apply: (options, value) => (/^\w+(\.\w+)*$/.test(value) ? add(options, value) : undefined) };
}

/** The first output that is named stands for itself alone, each further one is added. */
function withOutput({ outputs }: PluginOptions, output: Output | "none"): readonly Output[] {
  const others = outputs === OUTPUTS ? [] : outputs.filter((each) => each !== output);
  return output === "none" ? [] : [...others, output];
}

function outputFile(
  extension: "json" | "ts",
  set: (options: PluginOptions, file: string) => PluginOptions,
): OptionRule {
  return {
    values: `the relative path of a .${extension} file`,
    apply: (options, value) =>
      /^(?![/\\])./.test(value) && value.endsWith(`.${extension}`) ? set(options, value) : undefined,
  };
}

/**
 * Parses a plugin's parameter, `name=value` pairs joined by commas. Of an option that is there several times the last
 * value counts, save for `services`, `outputs`, `main_package`, `visibility` and `grpc_api_configuration`, which have all of
 * theirs.
 */
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
