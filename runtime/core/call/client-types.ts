import type { ClientCallOptions } from "./client-options.js";
import type { Service } from "./rpc.js";

/** A stream of requests. */
export interface RequestStream<Request> {
  /**
   * Sends a message. Resolves when there is room for the next one; if you wait for it, memory use stays flat. Does
   * nothing after the call has ended. The receiving side reports how it ended.
   */
  send(request: Partial<Request>): Promise<void>;
  /** Ends the requests. No message may follow. */
  end(): void;
  /** Cancels the call. */
  cancel(): void;
}

/** A call in which both sides stream. It starts at once. Read the responses with `for await`. */
export interface BidiStream<Request, Response> extends RequestStream<Request>, AsyncIterable<Response, undefined> {}

/** A call in which the client streams. */
export interface ClientStream<Request, Response> extends RequestStream<Request> {
  /** The only response. */
  readonly response: Promise<Response>;
}

/** The function that calls an RPC. Omitted fields of a request have their default values. */
export type RpcClient<R> = R extends {
  readonly method: {
    readonly requestStream: infer In;
    readonly responseStream: infer Out;
    requestSerialize(value: infer Request): Buffer;
    responseDeserialize(bytes: Buffer): infer Response;
  };
}
  ? [In, Out] extends [false, false]
    ? (request: Partial<Request>, options?: ClientCallOptions) => Promise<Response>
    : [In, Out] extends [false, true]
      ? (request: Partial<Request>, options?: ClientCallOptions) => AsyncIterableIterator<Response, undefined>
      : [In, Out] extends [true, false]
        ? (options?: ClientCallOptions) => ClientStream<Request, Response>
        : [In, Out] extends [true, true]
          ? (options?: ClientCallOptions) => BidiStream<Request, Response>
          : never
  : never;

/** A function for each RPC of a service. */
export type ServiceClient<S extends Service> = { readonly [Name in keyof S["rpcs"]]: RpcClient<S["rpcs"][Name]> };

/** A {@link ServiceClient} for each service. */
export type Client<Services extends Readonly<Record<string, Service>>> = {
  readonly [Name in keyof Services]: ServiceClient<Services[Name]>;
};
