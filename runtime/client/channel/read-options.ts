import { at, expected, FieldError } from "../json/field-error.js";
import { isObject } from "../json/is-object.js";
import type { ChannelOptions, Timeouts } from "./channel-options.js";
import { thrownText } from "./thrown-text.js";

/** Returns the value of an option, of a list or an object a copy. Throws a {@link FieldError} if the value is wrong. */
type Check = (value: unknown) => unknown;

/** Accepts values of the given types, as `typeof` names them. */
function typed(what: string, ...types: readonly string[]): Check {
  return (value) => {
    if (!types.includes(typeof value) || value === null) throw expected(what, value);
    return value;
  };
}

const aFunction = typed("a function", "function");

/** Accepts whole numbers of at least 0. */
const aNumber: Check = (value) => {
  if (!(Number.isInteger(value) && Number(value) >= 0)) throw expected("a whole number, 0 or more", value);
  return value;
};

const TIMEOUTS: Readonly<Record<keyof Timeouts, Check>> = {
  unary: aNumber,
  rpcs(value) {
    const given = anObject(value);
    return Object.fromEntries(Object.keys(given).map((name) => [name, readMember(given, name, aNumber)]));
  },
};

const OPTIONS: Readonly<Record<keyof ChannelOptions, Check>> = {
  baseUrl: typed("a string", "string"),
  token: typed("a string or a function", "string", "function"),
  headers: typed("an object or a function", "object", "function"),
  credentials(value) {
    if (value === "omit" || value === "same-origin" || value === "include") return value;
    throw expected('"omit", "same-origin" or "include"', value);
  },
  fetch: aFunction,
  WebSocket: aFunction,
  text: typed("true or false", "boolean"),
  timeouts: (value) => readNamed(value, TIMEOUTS),
  retries: aNumber,
  idempotent(value) {
    if (!Array.isArray(value)) throw expected("a list of full names of RPCs", value);
    const check = typed("the full name of an RPC", "string");
    return Array.from<unknown, unknown>(value, (each, i) => at(`[${i}]`, () => check(each)));
  },
  receiveBuffer: aNumber,
};

/**
 * Checks the options of a channel, and returns a copy of them. It reads each once, because a getter can return another
 * value the next time.
 *
 * @throws TypeError with the path of the option, what is expected, and the value
 */
export function readOptions<Text extends boolean>(options: ChannelOptions<Text>): ChannelOptions<Text> {
  try {
    // The compiler cannot type fromEntries. OPTIONS ensures that each option has its type.
    return reading(() => readNamed(options, OPTIONS)) as ChannelOptions<Text>;
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { cause } = error;
    throw new TypeError(error.path === "" ? `options: ${error}` : String(error), cause === undefined ? {} : { cause });
  }
}

function readNamed(value: unknown, checks: Readonly<Record<string, Check>>): object {
  const given = anObject(value);
  const others = Object.keys(given).filter((name) => !Object.hasOwn(checks, name));
  const unknown: Check = () => {
    throw new FieldError(`unknown option: expected one of ${Object.keys(checks).join(", ")}`);
  };
  const all = [...Object.entries(checks), ...others.map((name): [string, Check] => [name, unknown])];
  return Object.fromEntries(all.map(([name, check]) => [name, readMember(given, name, check)]));
}

function anObject(value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw expected("an object", value);
  return value;
}

/** Reads a member of an object. If it is `undefined`, it counts as absent. */
function readMember(given: Readonly<Record<string, unknown>>, name: string, check: Check): unknown {
  return at(name, () =>
    reading(() => {
      const value = given[name];
      return value === undefined ? undefined : check(value);
    }),
  );
}

/** Reads something of what the app has given, which may be a proxy, or have a getter, that throws. */
function reading<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof FieldError) throw cause;
    throw new FieldError(`cannot read it: ${thrownText(cause)}`, { cause });
  }
}
