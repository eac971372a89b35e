import type { IncomingMessage } from "node:http";
import type { Metadata } from "../../transport/transport.js";
import type { Rpc, Service } from "../rpc.js";

/** A call as an interceptor sees it. */
export interface InterceptedCall<Req extends IncomingMessage = IncomingMessage> {
  /** The rpc's full name, e.g. `etcdserverpb.KV.Range`. */
  readonly rpc: string;
  /** The HTTP request; in an Express app it is Express's. */
  readonly req: Req;
  /** The metadata that the server gets. May be replaced before the call is made; what cannot travel is left out. */
  metadata: Metadata;
  /** Aborted when the call is over before it was answered: the client is gone, its time is up, or the gateway closes. */
  readonly signal: AbortSignal;
}

/**
 * Runs before each call of a service, or of all services, be it unary or a stream. It sees no message, so nothing is decoded
 * for it. It may replace the metadata. What it throws refuses the call, as with a {@link UnaryInterceptor}. It returns
 * nothing, or a promise of nothing: anything else fails the call.
 */
export type CallInterceptor<Req extends IncomingMessage = IncomingMessage> = (
  call: InterceptedCall<Req>,
) => void | Promise<void>;

/** A unary call as an interceptor sees it. */
export interface InterceptedUnaryCall<Request, Req extends IncomingMessage = IncomingMessage>
  extends InterceptedCall<Req> {
  /** The request message. May be changed or replaced. */
  request: Request;
}

/**
 * Makes the call, with another request if one is given. Rejects with a `GatewayError` if it fails. Whoever does not call
 * it answers without the server; whoever calls it twice makes two calls.
 */
export type Next<Request, Response> = (request?: Request) => Promise<Response>;

/**
 * Stands between the clients of a unary rpc and the server. What it resolves with is the answer. A `GatewayError` that
 * it throws is answered as it is; anything else it throws is a 500 that tells clients nothing.
 */
export type UnaryInterceptor<Request, Response, Req extends IncomingMessage = IncomingMessage> = (
  call: InterceptedUnaryCall<Request, Req>,
  next: Next<Request, Response>,
) => Response | Promise<Response>;

/** What is done with the messages of a stream. Messages keep their order; while one waits for a promise, so do the next. */
export interface StreamHooks<Request, Response> {
  /** Gives the message to send in a request's place: the same, or another. */
  onRequest?(request: Request): Request | Promise<Request>;
  /** Gives the message to answer in a response's place: the same, or another. */
  onResponse?(response: Response): Response | Promise<Response>;
}

/**
 * Stands between the clients of a streaming rpc and the server: called once for each stream, before the call is made. What
 * it or its hooks throw ends the stream, as with a {@link UnaryInterceptor}.
 */
export type StreamInterceptor<Request, Response, Req extends IncomingMessage = IncomingMessage> = (
  call: InterceptedCall<Req>,
) => StreamHooks<Request, Response> | Promise<StreamHooks<Request, Response>>;

/** The interceptor of an rpc. An rpc whose types are not known has none. */
export type Interceptor<R, Req extends IncomingMessage = IncomingMessage> = R extends {
  readonly method: {
    readonly requestStream: infer In;
    readonly responseStream: infer Out;
    requestSerialize(value: infer Request): Buffer;
    responseDeserialize(bytes: Buffer): infer Response;
  };
}
  ? boolean extends In | Out
    ? [In, Out] extends [false, true] | [true, false]
      ? StreamInterceptor<Request, Response, Req>
      : never
    : [In, Out] extends [false, false]
      ? UnaryInterceptor<Request, Response, Req>
      : StreamInterceptor<Request, Response, Req>
  : never;

/** An interceptor of all rpcs: of a gateway, or of one service. */
export interface InterceptorOfAll<Req extends IncomingMessage = IncomingMessage> {
  readonly "*"?: CallInterceptor<Req>;
}

/**
 * Interceptors by service and rpc, under the names that the generated code gives them; under `*`, those of all services, or of
 * all rpcs of a service. Of a call, they run in this order: that of all services, that of its service, that of its rpc.
 */
export type Interceptors<
  Services extends Readonly<Record<string, Service>>,
  Req extends IncomingMessage = IncomingMessage,
> = InterceptorOfAll<Req> & {
  readonly [S in keyof Services]?: InterceptorOfAll<Req> & {
    readonly [R in keyof Services[S]["rpcs"]]?: Interceptor<Services[S]["rpcs"][R], Req>;
  };
};

/** The interceptors of an rpc of whatever messages. */
export interface AnyInterceptor {
  /** Those that run first, and see no message. */
  readonly before: readonly CallInterceptor[];
  /** That of the messages, for either way to call the rpc; the way that the rpc has not fails. `undefined`: there is none. */
  readonly messages:
    | { readonly unary: UnaryInterceptor<unknown, unknown>; readonly stream: StreamInterceptor<unknown, unknown> }
    | undefined;
}

/** What stands for all services, or all rpcs of one. */
const ALL = "*";

/** Interceptors as they are written, to those who do not know the services. */
type Written = ReadonlyMap<string, unknown>;

/**
 * Interceptors by the full names of their rpcs.
 *
 * @throws TypeError for a service or rpc that there is not, an interceptor that is no function, or what is no plain object
 */
export function interceptorsByName(
  services: Readonly<Record<string, Service>>,
  interceptors: object,
): ReadonlyMap<string, AnyInterceptor> {
  const byName = new Map<string, AnyInterceptor>();
  const written = plain(interceptors, "interceptors");
  for (const name of named(written)) known("service", services, name);
  const ofAll = beforeOf(written, "interceptors");
  for (const [serviceName, { rpcs }] of Object.entries(services)) {
    const ofService = plain(written.get(serviceName) ?? {}, `interceptors.${serviceName}`);
    for (const name of named(ofService)) known(`rpc of ${serviceName}`, rpcs, name);
    const before = [...ofAll, ...beforeOf(ofService, `interceptors.${serviceName}`)];
    for (const [rpcName, rpc] of Object.entries(rpcs)) {
      const messages = messageInterceptor(rpc, ofService.get(rpcName));
      if (before.length > 0 || messages !== undefined) byName.set(rpc.name, { before, messages });
    }
  }
  return byName;
}

/**
 * Runs interceptors that see no message, one after the other.
 *
 * @throws what one of them throws; TypeError if one returns something: it may be meant to refuse the call
 */
export async function runBefore(before: readonly CallInterceptor[], call: InterceptedCall): Promise<void> {
  for (const intercept of before) {
    const result: unknown = await intercept(call);
    if (result !== undefined) {
      throw new TypeError(
        `an interceptor of ${ALL} returned something for ${call.rpc}: throw a GatewayError to refuse it`,
      );
    }
  }
}

/** The names of services or rpcs that have interceptors. */
function named(written: Written): readonly string[] {
  return [...written.keys()].filter((name) => name !== ALL);
}

function beforeOf(written: Written, path: string): readonly CallInterceptor[] {
  const intercept = written.get(ALL);
  if (intercept === undefined) return [];
  if (typeof intercept !== "function") throw new TypeError(`bad ${path}["${ALL}"]: it is not a function`);
  return [intercept as CallInterceptor];
}

/** Refuses what is not a plain object: of an instance of a class or a Map, the functions would not be found. */
function plain(value: unknown, path: string): Written {
  if (typeof value === "object" && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    // A map, for an rpc may be called like something that every object has, such as `constructor`.
    if (isPlain) return new Map(Object.entries(value));
  }
  throw new TypeError(`bad ${path}: must be a plain object with a function for each rpc`);
}

function known<Value>(what: string, values: Readonly<Record<string, Value>>, name: string): Value {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return value;
  throw new TypeError(`bad interceptors: no ${what} is called ${name}: there are ${Object.keys(values).join(", ")}`);
}

function messageInterceptor({ name, method }: Rpc, intercept: unknown): AnyInterceptor["messages"] {
  if (intercept === undefined) return undefined;
  if (typeof intercept !== "function") throw new TypeError(`bad interceptors: that of ${name} is not a function`);
  // Which messages a function takes cannot be told from outside; test/etcd/access/interceptors.types.test.ts holds
  // Interceptors to the rpcs.
  const otherwise = (): never => {
    throw new TypeError(`${name} was called as what it is not, and its interceptor must not be passed by`);
  };
  return method.requestStream || method.responseStream
    ? { unary: otherwise, stream: intercept as StreamInterceptor<unknown, unknown> }
    : { unary: intercept as UnaryInterceptor<unknown, unknown>, stream: otherwise };
}
