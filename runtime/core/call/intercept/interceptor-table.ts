import { readGiven, readMember, readNames } from "../../options/read-given.js";
import { isPlainObject } from "../is-plain-object.js";
import type { Rpc, Service } from "../rpc.js";
import type { CallInterceptor, InterceptedCall, StreamInterceptor, UnaryInterceptor } from "./interceptor.js";

/** The interceptors of an RPC, with messages of any type. */
export interface AnyInterceptor {
  /** The interceptors that run first and see no messages. */
  readonly before: readonly CallInterceptor[];
  /** The interceptor that sees messages, for unary calls and for streams. The function of the wrong kind throws. */
  readonly messages:
    | { readonly unary: UnaryInterceptor<unknown, unknown>; readonly stream: StreamInterceptor<unknown, unknown> }
    | undefined;
}

/** The key of an interceptor of all services, or of all RPCs of a service. */
const ALL = "*";

/** Interceptors as the app wrote them, not yet checked. */
type Written = ReadonlyMap<string, unknown>;

/**
 * Checks interceptors, and returns them by the full names of their RPCs.
 *
 * @throws TypeError for an unknown service or RPC, an interceptor that is not a function, or a group that is not a
 *   plain object
 */
export function interceptorsByName(
  services: Readonly<Record<string, Service>>,
  interceptors: object,
): ReadonlyMap<string, AnyInterceptor> {
  const byName = new Map<string, AnyInterceptor>();
  const written = plain(interceptors, "interceptors");
  for (const name of named(written)) checkName("interceptors", "service", services, name);
  const ofAll = beforeOf(written, "interceptors");
  for (const [serviceName, { rpcs }] of Object.entries(services)) {
    const ofService = plain(written.get(serviceName) ?? {}, `interceptors.${serviceName}`);
    for (const name of named(ofService)) checkName(`interceptors.${serviceName}`, "RPC", rpcs, name);
    const before = [...ofAll, ...beforeOf(ofService, `interceptors.${serviceName}`)];
    for (const [rpcName, rpc] of Object.entries(rpcs)) {
      const messages = messageInterceptor(rpc, ofService.get(rpcName));
      if (before.length > 0 || messages !== undefined) byName.set(rpc.name, { before, messages });
    }
  }
  return byName;
}

/**
 * Runs the interceptors that see no messages, one after the other.
 *
 * @throws the error of an interceptor; TypeError if one returns a value, because it may be meant to reject the call
 */
export async function runBefore(before: readonly CallInterceptor[], call: InterceptedCall): Promise<void> {
  for (const intercept of before) {
    const result: unknown = await intercept(call);
    if (result !== undefined) {
      throw new TypeError(
        `the interceptor of ${ALL} returned a value for ${call.rpc}: return nothing, or throw a GatewayError to reject the call`,
      );
    }
  }
}

/** The names of the services or RPCs that have interceptors. */
function named(written: Written): readonly string[] {
  return [...written.keys()].filter((name) => name !== ALL);
}

function beforeOf(written: Written, path: string): readonly CallInterceptor[] {
  const intercept = written.get(ALL);
  if (intercept === undefined) return [];
  if (typeof intercept !== "function") throw new TypeError(`invalid ${path}["${ALL}"]: expected a function`);
  return [intercept as CallInterceptor];
}

/** Reads a plain object. Anything else is rejected: the functions of a Map or of a class instance would not be found. */
function plain(value: unknown, path: string): Written {
  // A map, because an RPC may have the name of a property that every object inherits, such as `constructor`.
  const at = { path };
  const given = readGiven(at, "its kind", () => (isPlainObject(value) ? value : undefined));
  if (given !== undefined) {
    return new Map(readNames(given, at).map((name) => [name, readMember(given, name, { path: `${path}.${name}` })]));
  }
  throw new TypeError(`invalid ${path}: expected a plain object with a function for each RPC`);
}

function checkName(path: string, what: string, values: object, name: string): void {
  if (Object.hasOwn(values, name)) return;
  throw new TypeError(
    `invalid ${path}: unknown ${what} ${JSON.stringify(name)}: expected one of ${Object.keys(values).join(", ")}`,
  );
}

function messageInterceptor({ name, method }: Rpc, intercept: unknown): AnyInterceptor["messages"] {
  if (intercept === undefined) return undefined;
  if (typeof intercept !== "function") throw new TypeError(`invalid interceptors: expected a function for ${name}`);
  // The message types of a function are not known at run time. test/core/call/intercept/interceptor.types.test.ts checks
  // the type `Interceptors` against the RPCs.
  const isStream = method.requestStream || method.responseStream;
  const otherwise = (): never => {
    const [own, other] = isStream ? ["a stream", "a unary call"] : ["a unary call", "a stream"];
    throw new TypeError(
      `the interceptor of ${name} is for ${own}, but the call is ${other}, and was not made: ` +
        "give the gateway and its caller the same services",
    );
  };
  return isStream
    ? { unary: otherwise, stream: intercept as StreamInterceptor<unknown, unknown> }
    : { unary: intercept as UnaryInterceptor<unknown, unknown>, stream: otherwise };
}
