import type { Diagnostics } from "./read/diagnostics.js";

/** The options that a user can set: in `opt:` of buf.gen.yaml, or with `--express-gateway_opt` of protoc. */
export interface PluginOptions {
  /** The folder of ts-proto's output, as a path relative to this plugin's output folder. */
  readonly messages: string;
  /** The prefix and the suffix of ts-proto's type names. They equal ts-proto's options of the same names. */
  readonly typePrefix: string;
  readonly typeSuffix: string;
  /** The plugin that writes the gRPC definitions of the RPCs: this one, or ts-proto with `outputServices=grpc-js`. */
  readonly definitions: "own" | "ts-proto";
  /** The packages whose names stay unchanged in `index.ts` if other packages export the same names. */
  readonly mainPackages: readonly string[];
  /** The file extension in import paths of other output files. */
  readonly importExtension: ImportExtension;
  /** The field names in written JSON: those of the proto file, or the JSON names (lowerCamelCase). */
  readonly jsonNames: JsonNames;
  /** Whether written JSON omits fields without presence that have their default value. */
  readonly defaults: "omit" | "write";
  /** Whether unknown fields in requests are ignored or are an error. */
  readonly unknownFields: "ignore" | "reject";
  /** Whether unknown enum numbers in requests are accepted or are an error. */
  readonly unknownEnumNumbers: "accept" | "reject";
  /**
   * The full names of the services to serve. The name of a package stands for all its services. Imported files count
   * too. If empty, all services of the files to generate are served.
   */
  readonly services: readonly string[];
  /** YAML files with HTTP rules, as paths relative to the compiler's working folder. */
  readonly grpcApiConfiguration: readonly string[];
  /** What a mistake in a rule does: `reject` makes it an error, and `skip` omits only the binding of that rule. */
  readonly badRules: "reject" | "skip";
  /** Which RPC keeps a route if several RPCs have the same one. */
  readonly sameRoute: "first" | "last";
  /** The visible labels of `google.api.visibility`: for descriptions, and with `hidden=omit` also for the gateway. */
  readonly visibility: readonly string[];
  /** Whether the gateway serves elements that descriptions omit because of their labels. */
  readonly hidden: "serve" | "omit";
  /** The kinds of TypeScript files to write. */
  readonly outputs: readonly Output[];
  /** The path of the HTTP client to write, relative to the output folder. If absent, none is written. */
  readonly client?: string;
  /** The path of the OpenAPI 3.1 description to write, relative to the output folder. If absent, none is written. */
  readonly openapi?: string;
  /** The path of the Swagger 2.0 description to write, relative to the output folder. If absent, none is written. */
  readonly swagger?: string;
  /** The file with the settings of both descriptions, as a path relative to the compiler's working folder. */
  readonly api?: string;
}

/** The options that control how JSON is written and read. */
export type JsonOptions = Pick<PluginOptions, "jsonNames" | "defaults" | "unknownFields" | "unknownEnumNumbers">;

/** The file extension in import paths. `none` writes paths without an extension, for bundlers. */
export type ImportExtension = "js" | "ts" | "none";

/** The field names in written JSON. Both kinds of names are read, regardless of the option. */
export type JsonNames = "proto" | "json";

const OUTPUTS = ["codecs", "gateways", "index"] as const;

/** A kind of TypeScript file that the plugin writes. */
export type Output = (typeof OUTPUTS)[number];

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
  badRules: "reject",
  sameRoute: "first",
  visibility: [],
  hidden: "serve",
  outputs: OUTPUTS,
};

interface OptionRule {
  /** The valid values, in words. */
  readonly values: string;
  /** Returns the options with this one set, or `undefined` if the value is not valid. */
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
  unknown_fields: oneOf(["ignore", "reject"], (options, unknownFields) => ({ ...options, unknownFields })),
  unknown_enum_numbers: oneOf(["accept", "reject"], (options, unknownEnumNumbers) => ({
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
  bad_rules: oneOf(["reject", "skip"], (options, badRules) => ({ ...options, badRules })),
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

/**
 * Adds an output to the list, or empties the list for `none`. The first output that is named replaces the default list.
 */
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
 * Parses a plugin's parameter, which is a list of `name=value` pairs separated by commas. If an option occurs several
 * times, its last value counts. `services`, `outputs`, `main_package`, `visibility` and `grpc_api_configuration`
 * collect all their values.
 */
export function parseOptions(parameter: string, diagnostics: Diagnostics): PluginOptions {
  let options = DEFAULTS;
  for (const pair of parameter.split(",").filter((text) => text.trim() !== "")) {
    const [name = "", value = ""] = split(pair);
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (rule === undefined) {
      const known = Object.entries(RULES).map(([option, { values }]) => `${option}=(${values})`);
      diagnostics.error(undefined, `unknown plugin option "${name}": expected one of ${known.join(", ")}`);
      continue;
    }
    const applied = rule.apply(options, value);
    if (applied === undefined) {
      diagnostics.error(undefined, `invalid plugin option ${name} "${value}": expected ${rule.values}`);
    }
    options = applied ?? options;
  }
  return options;
}

function split(pair: string): readonly string[] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair.trim()] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}
