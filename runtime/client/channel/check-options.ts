import { at, expected, FieldError } from "../json/field-error.js";
import { isObject } from "../json/is-object.js";
import type { ChannelOptions, Timeouts } from "./channel-options.js";

/** Checks the value of an option. Throws a {@link FieldError} if the value is wrong. */
type Check = (value: unknown) => void;

/** Accepts values of the given types, as `typeof` names them. */
function typed(what: string, ...types: readonly string[]): Check {
  return (value) => {
    if (!types.includes(typeof value) || value === null) throw expected(what, value);
  };
}

const aFunction = typed("a function", "function");

/** Accepts whole numbers of at least 0. */
const aNumber: Check = (value) => {
  if (!(Number.isInteger(value) && Number(value) >= 0)) throw expected("a whole number, 0 or more", value);
};

const TIMEOUTS: Readonly<Record<keyof Timeouts, Check>> = {
  unary: aNumber,
  rpcs: (value) => checkObject(value, () => aNumber),
};

const OPTIONS: Readonly<Record<keyof ChannelOptions, Check>> = {
  baseUrl: typed("a string", "string"),
  token: typed("a string or a function", "string", "function"),
  headers: typed("an object or a function", "object", "function"),
  credentials(value) {
    if (!["omit", "same-origin", "include"].includes(String(value))) {
      throw expected('"omit", "same-origin" or "include"', value);
    }
  },
  fetch: aFunction,
  WebSocket: aFunction,
  text: typed("true or false", "boolean"),
  timeouts: (value) => checkNamed(value, TIMEOUTS),
  retries: aNumber,
  idempotent(value) {
    if (!Array.isArray(value)) throw expected("a list of full names of RPCs", value);
    for (const [i, each] of value.entries()) at(`[${i}]`, () => typed("the full name of an RPC", "string")(each));
  },
  receiveBuffer: aNumber,
};

/**
 * Checks the options of a channel.
 *
 * @throws TypeError with the path of the option, what is expected, and the value
 */
export function checkOptions(options: unknown): void {
  try {
    checkNamed(options, OPTIONS);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new TypeError(error.path === "" ? `options: ${error}` : String(error));
  }
}

function checkNamed(value: unknown, checks: Readonly<Record<string, Check>>): void {
  checkObject(value, (name) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw new FieldError(`unknown option: expected one of ${Object.keys(checks).join(", ")}`);
    return check;
  });
}

/** Checks the members of an object. Members that are `undefined` count as absent. */
function checkObject(value: unknown, checkOf: (name: string) => Check): void {
  if (!isObject(value)) throw expected("an object", value);
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) at(name, () => checkOf(name)(member));
  }
}
