import type { IncomingMessage } from "node:http";
import type { Metadata } from "../../transport/transport.js";
import type { Service } from "../rpc.js";

/** A call as an interceptor sees it. */
export interface InterceptedCall<Req extends IncomingMessage = IncomingMessage> {
  /** The RPC's full name, e.g. `etcdserverpb.KV.Range`. */
  readonly rpc: string;
  /** The HTTP request. In an Express app it is the request of Express. */
  readonly req: Req;
  /**
   * The metadata to send to the server. You may replace it before the call is made. Entries that cannot be sent are
   * left out.
   */
  metadata: Metadata;
  /**
   * Aborted if the call ends without the server's response: it fails, the client disconnects, the deadline passes, or the
   * gateway closes.
   */
  readonly signal: AbortSignal;
}

/**
 * Runs before each call, unary or streaming, of a service or of all services. It does not see messages, so none is
 * decoded for it. It may replace the metadata, and may throw to reject the call, as a {@link UnaryInterceptor} does. It
 * must return `undefined` or a promise of `undefined`; any other value fails the call.
 */
export type CallInterceptor<Req extends IncomingMessage = IncomingMessage> = (
  call: InterceptedCall<Req>,
) => void | Promise<void>;

/** A unary call as an interceptor sees it. */
export interface InterceptedUnaryCall<Request, Req extends IncomingMessage = IncomingMessage>
  extends InterceptedCall<Req> {
  /** The request message. You may change or replace it. */
  request: Request;
}

/**
 * Makes the call, with another request if you pass one. Rejects with a `GatewayError` if the call fails. If an
 * interceptor never calls it, the server gets no call; if it calls it twice, the server gets two calls. Calls that have
 * not ended when the interceptor does are canceled.
 */
export type Next<Request, Response> = (request?: Request) => Promise<Response>;

/**
 * Stands between the clients of a unary RPC and the server, and returns the response. If it throws a `GatewayError`,
 * clients get that error. If it throws anything else, clients get status 500 without details.
 */
export type UnaryInterceptor<Request, Response, Req extends IncomingMessage = IncomingMessage> = (
  call: InterceptedUnaryCall<Request, Req>,
  next: Next<Request, Response>,
) => Response | Promise<Response>;

/**
 * Functions that see the messages of a stream. Messages keep their order: while one waits for a promise, so do the
 * next.
 */
export interface StreamHooks<Request, Response> {
  /** Returns the message to send instead of a request: the same one, or another. */
  onRequest?(request: Request): Request | Promise<Request>;
  /** Returns the message to send instead of a response: the same one, or another. */
  onResponse?(response: Response): Response | Promise<Response>;
}

/**
 * Stands between the clients of a streaming RPC and the server. It is called once for each stream, before the call is
 * made. If it or one of its hooks throws, the stream ends with that error, as for a {@link UnaryInterceptor}.
 */
export type StreamInterceptor<Request, Response, Req extends IncomingMessage = IncomingMessage> = (
  call: InterceptedCall<Req>,
) => StreamHooks<Request, Response> | Promise<StreamHooks<Request, Response>>;

/** The type of an RPC's interceptor; `never` if the RPC's kind is not known. */
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

/** An interceptor of all RPCs of a gateway, or of one service. */
export interface InterceptorOfAll<Req extends IncomingMessage = IncomingMessage> {
  readonly "*"?: CallInterceptor<Req>;
}

/**
 * Interceptors by service and RPC, with the names of the generated code. `*` means all services, or all RPCs of a
 * service. For each call they run in this order:
 *
 * 1. the interceptor of all services
 * 2. the interceptor of the service
 * 3. the interceptor of the RPC
 */
export type Interceptors<
  Services extends Readonly<Record<string, Service>>,
  Req extends IncomingMessage = IncomingMessage,
> = InterceptorOfAll<Req> & {
  readonly [S in keyof Services]?: InterceptorOfAll<Req> & {
    readonly [R in keyof Services[S]["rpcs"]]?: Interceptor<Services[S]["rpcs"][R], Req>;
  };
};
