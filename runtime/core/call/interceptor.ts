import type { IncomingMessage } from "node:http";
import type { Metadata } from "../transport/transport.js";
import type { Rpc, Service } from "./rpc.js";

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

/** Interceptors by service and rpc, under the names that the generated code gives them. */
export type Interceptors<
  Services extends Readonly<Record<string, Service>>,
  Req extends IncomingMessage = IncomingMessage,
> = {
  readonly [S in keyof Services]?: {
    readonly [R in keyof Services[S]["rpcs"]]?: Interceptor<Services[S]["rpcs"][R], Req>;
  };
};

/** The interceptor of an rpc of whatever messages, for either way to call it. The way that the rpc has not fails. */
export interface AnyInterceptor {
  readonly unary: UnaryInterceptor<unknown, unknown>;
  readonly stream: StreamInterceptor<unknown, unknown>;
}

/** Interceptors as they are written, to those who do not know the services. */
type Written = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

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
  const written: Written = { ...plain(interceptors, "interceptors") };
  for (const [serviceName, ofService] of Object.entries(written)) {
    const rpcs = known("service", services, serviceName).rpcs;
    for (const [rpcName, intercept] of Object.entries(plain(ofService ?? {}, `interceptors.${serviceName}`))) {
      const rpc = known(`rpc of ${serviceName}`, rpcs, rpcName);
      if (intercept !== undefined) byName.set(rpc.name, anyInterceptor(rpc, intercept));
    }
  }
  return byName;
}

/** Refuses what is not a plain object: of an instance of a class or a Map, the functions would not be found. */
function plain<Value extends object>(value: Value, path: string): Value {
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (prototype === null || (typeof prototype === "object" && Object.getPrototypeOf(prototype) === null)) return value;
  throw new TypeError(`bad ${path}: must be a plain object with a function for each rpc`);
}

function known<Value>(what: string, values: Readonly<Record<string, Value>>, name: string): Value {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return value;
  throw new TypeError(`bad interceptors: no ${what} is called ${name}: there are ${Object.keys(values).join(", ")}`);
}

function anyInterceptor({ name, method }: Rpc, intercept: unknown): AnyInterceptor {
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
