import type { CallOptions } from "../channel/channel-options.js";
import type { Input, Output } from "./messages.js";

/** The function of a unary RPC. */
export type UnaryCall<Request, Response, Text extends boolean> = <T extends boolean = Text>(
  request: Input<Request>,
  options?: CallOptions<T>,
) => Promise<Output<Response, T>>;

/** The function of a server-streaming RPC. The call starts at once. Leaving the loop early cancels it. */
export type ServerStreamCall<Request, Response, Text extends boolean> = <T extends boolean = Text>(
  request: Input<Request>,
  options?: CallOptions<T>,
) => AsyncIterableIterator<Output<Response, T>, undefined>;

/**
 * The function of a client-streaming RPC. It uses a WebSocket, or one HTTP request if all messages are given at once.
 */
export type ClientStreamCall<Request, Response, Text extends boolean> = <
  T extends boolean = Text,
  All extends Requests<Request> = undefined,
>(
  options?: StreamOptions<All, T>,
) => All extends undefined ? ClientStream<Request, Output<Response, T>> : Promise<Output<Response, T>>;

/** The function of a bidirectional RPC. It uses a WebSocket, or one HTTP request if all messages are given at once. */
export type BidiCall<Request, Response, Text extends boolean> = <
  T extends boolean = Text,
  All extends Requests<Request> = undefined,
>(
  options?: StreamOptions<All, T>,
) => All extends undefined
  ? BidiStream<Request, Output<Response, T>>
  : AsyncIterableIterator<Output<Response, T>, undefined>;

/** All request messages of a call, or `undefined` if they are sent one by one. */
export type Requests<Request> = readonly Input<Request>[] | undefined;

/** Options of one call of a client-streaming or bidirectional RPC. */
export interface StreamOptions<All, Text extends boolean = boolean> extends CallOptions<Text> {
  /** All request messages. The call then needs no WebSocket. If it is absent, you send the messages one by one. */
  readonly requests?: All;
}

/** The sending side of a call. */
export interface RequestStream<Request> {
  /**
   * Sends a message. Resolves when there is room for the next one, so awaiting it bounds memory. Does nothing once the
   * call is over; the receiving side reports how it ended. Rejects if the message cannot be sent, or if there is no
   * WebSocket class.
   */
  send(request: Input<Request>): Promise<void>;
  /**
   * Ends the stream of requests. The server then ends the call. etcd's own gateway does not know such an end: there,
   * leave the loop, or call `cancel`.
   */
  end(): void;
  /** Cancels the call. */
  cancel(): void;
}

/** A bidirectional call. It starts at once. Read the responses with `for await`. */
export interface BidiStream<Request, Response> extends RequestStream<Request>, AsyncIterable<Response, undefined> {}

/** A client-streaming call. */
export interface ClientStream<Request, Response> extends RequestStream<Request> {
  /** Resolves with the response. */
  readonly response: Promise<Response>;
}
