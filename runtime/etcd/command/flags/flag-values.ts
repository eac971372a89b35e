import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearestName } from "@etcd-gateway/runtime/options";
import type { Flag } from "./flag.js";
import { FlagError } from "./flag-error.js";
import { readFlagFile } from "./flag-files.js";
import { FLAGS, OTHER_NAMES } from "./flag-table.js";

/** The value of a flag. */
export interface FlagValue {
  /** The text of the value, or `true` for a flag without a value. */
  readonly text: string | true;
  /** The source of the value in errors: `--grace`, `ETCD_GATEWAY_GRACE`, or the name in a file. */
  readonly source: string;
}

/** The values of the flags that were set, by name. */
export type FlagValues = Readonly<Record<string, FlagValue | undefined>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration of a flag for `parseArgs`. */
type FlagConfig = NonNullable<ParseArgsConfig["options"]>[string];

/** Formats the name of a flag. */
type Written = (name: string) => string;

const PREFIX = "ETCD_GATEWAY_";

/** All names that the command accepts. If a flag has two, its own name comes last, and so takes precedence. */
const NAMES = [...OTHER_NAMES.keys(), ...Object.keys(FLAGS)];

/**
 * Matches the variables that Kubernetes sets in every container for a service called `etcd-gateway`. They are not
 * mistakes of the user.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const OF_KUBERNETES = /^ETCD_GATEWAY_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** Returns the environment variable of a flag, e.g. `ETCD_GATEWAY_MAX_STREAMS` for `max-streams`. */
export function variableOf(flag: string): string {
  return PREFIX + flag.toUpperCase().replaceAll("-", "_");
}

/**
 * Returns the values of the flags from the command line, the environment and the file of `--config`, in this order of
 * precedence.
 *
 * @throws FlagError for an unknown flag, a missing value, or an invalid file
 */
export function flagValues(args: readonly string[], env: Environment): FlagValues {
  const named = fromArguments(args);
  if (named["help"] !== undefined || named["version"] !== undefined) return named;
  const given = { ...fromEnvironment(env), ...named };
  const { config } = given;
  return config === undefined ? given : { ...fromFile(String(config.text), config.source), ...given };
}

/** Returns the names of variables that look like variables of flags, but are not. */
export function unknownVariables(env: Environment): readonly string[] {
  const known = new Set(namesWithVariables().map(variableOf));
  return Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.has(name) && !OF_KUBERNETES.test(name));
}

function namesWithVariables(): readonly string[] {
  return NAMES.filter((name) => flagNamed(name)?.asksFor === undefined);
}

function flagNamed(name: string): Flag | undefined {
  const own = OTHER_NAMES.get(name) ?? name;
  return Object.hasOwn(FLAGS, own) ? FLAGS[own] : undefined;
}

/** Returns values by the own names of their flags. The last value of a flag counts. */
function byOwnNames<Value>(values: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(values.map(([name, value]) => [OTHER_NAMES.get(name) ?? name, value]));
}

function fromArguments(args: readonly string[]): FlagValues {
  const options = NAMES.map((name): [string, FlagConfig] => [
    name,
    { type: flagNamed(name)?.value === undefined ? "boolean" : "string", ...(name === "help" && { short: "h" }) },
  ]);
  // Errors of the strict mode have other texts in each version of Node.js.
  const { tokens } = parseArgs({ args: [...args], options: Object.fromEntries(options), strict: false, tokens: true });
  const given = tokens.flatMap((token): [string, FlagValue][] => {
    if (token.kind === "option-terminator") return [];
    if (token.kind === "positional")
      throw new FlagError(`unexpected argument ${JSON.stringify(token.value)}; see etcd-gateway --help`);
    const { name, rawName, value, inlineValue } = token;
    const flag = flagNamed(name);
    if (flag === undefined) throw unknownFlag(rawName, name, NAMES, (flag) => `--${flag}`);
    const source = `--${name}`;
    if (flag.value === undefined) {
      if (value !== undefined) throw new FlagError(`${source} takes no value`);
      return [[name, { text: true, source }]];
    }
    if (value === undefined || (inlineValue !== true && value.startsWith("--"))) {
      throw new FlagError(`${source} needs a value: write ${source} ${flag.value}`);
    }
    // No flag begins with a digit: such a value is a negative number, whose error says what is expected.
    if (inlineValue !== true && /^-\D/.test(value)) {
      throw new FlagError(`invalid ${source} ${value}: write ${source}=${value}`);
    }
    return [[name, { text: value, source }]];
  });
  return byOwnNames(given);
}

/**
 * Creates the error for a flag that does not exist. It shows the flag that was probably meant.
 *
 * @param shown the unknown name as the user wrote it, with its place
 * @param written how the user would write the name of a flag there
 */
function unknownFlag(shown: string, name: string, known: readonly string[], written: Written): FlagError {
  const nearest = nearestName(name, known);
  return nearest === undefined
    ? new FlagError(`unknown flag ${shown}; see etcd-gateway --help`)
    : new FlagError(`unknown flag ${shown}: did you mean ${written(nearest)}?`);
}

/**
 * Reads the environment. An empty variable counts as unset, because files of containers unset variables in that way.
 */
function fromEnvironment(env: Environment): FlagValues {
  const given = namesWithVariables().flatMap((name): [string, FlagValue | undefined][] => {
    const source = variableOf(name);
    const text = env[source];
    if (text === undefined || text === "") return [];
    const value = flagNamed(name)?.value === undefined ? switchOf(text, source) : text;
    // A variable that turns a flag off takes precedence over a file that turns it on.
    return [[name, value === undefined ? undefined : { text: value, source }]];
  });
  const endpoints = env["ETCD_ENDPOINTS"];
  return {
    ...(endpoints !== undefined && endpoints !== "" && { endpoints: { text: endpoints, source: "ETCD_ENDPOINTS" } }),
    ...byOwnNames(given),
  };
}

/** Reads whether a flag without a value is on. Returns `undefined` if it is off. */
function switchOf(text: string, source: string): true | undefined {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return undefined;
  throw new FlagError(`invalid ${source} ${JSON.stringify(text)}: expected true or false`);
}

/** Reads a file with an object of flags by name, without the dashes: `{ "listen": ":8080", "strict": true }`. */
function fromFile(file: string, source: string): FlagValues {
  const members = new Map(Object.entries(membersOf(file, source)));
  const known = new Set(namesWithVariables());
  known.delete("config");
  const place = (name: string): string => `${JSON.stringify(name)} in ${file}`;
  for (const name of members.keys()) {
    if (!known.has(name)) throw unknownFlag(place(name), name, [...known], JSON.stringify);
  }
  const given = [...known].flatMap((name): [string, FlagValue][] => {
    if (!members.has(name)) return [];
    const value = members.get(name);
    const where = place(name);
    const text = flagNamed(name)?.value === undefined ? switchOf(String(value), where) : textOf(value, where);
    return text === undefined ? [] : [[name, { text, source: where }]];
  });
  return byOwnNames(given);
}

function membersOf(file: string, source: string): object {
  const text = readFlagFile(file, source).toString();
  const fault = new FlagError(
    `invalid ${source} ${JSON.stringify(file)}: expected a JSON object with names of flags as keys`,
  );
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  } catch {
    throw fault;
  }
  throw fault;
}

function textOf(value: unknown, place: string): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return value.join(",");
  throw new FlagError(`invalid ${place} ${JSON.stringify(value)}: expected a string, a number or a list of strings`);
}
