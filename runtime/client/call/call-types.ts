import type { CallOptions } from "../channel/channel-options.js";
import type { Input, Output } from "./messages.js";

/** A unary rpc. */
export type UnaryCall<Request, Response, Text extends boolean> = <T extends boolean = Text>(
  request: Input<Request>,
  options?: CallOptions<T>,
) => Promise<Output<Response, T>>;

/** An rpc whose responses stream. The call starts at once; a loop that is left early cancels it. */
export type ServerStreamCall<Request, Response, Text extends boolean> = <T extends boolean = Text>(
  request: Input<Request>,
  options?: CallOptions<T>,
) => AsyncIterableIterator<Output<Response, T>, undefined>;

/** An rpc whose requests stream: over WebSocket, or, if all are given at once, as the body of one HTTP request. */
export type ClientStreamCall<Request, Response, Text extends boolean> = <
  T extends boolean = Text,
  All extends Requests<Request> = undefined,
>(
  options?: StreamOptions<All, T>,
) => All extends undefined ? ClientStream<Request, Output<Response, T>> : Promise<Output<Response, T>>;

/** An rpc whose both sides stream: over WebSocket, or, if all requests are given at once, over HTTP. */
export type BidiCall<Request, Response, Text extends boolean> = <
  T extends boolean = Text,
  All extends Requests<Request> = undefined,
>(
  options?: StreamOptions<All, T>,
) => All extends undefined
  ? BidiStream<Request, Output<Response, T>>
  : AsyncIterableIterator<Output<Response, T>, undefined>;

/** All requests of a call, or `undefined` if they are sent one by one. */
export type Requests<Request> = readonly Input<Request>[] | undefined;

/** What may be said with a call whose requests stream. */
export interface StreamOptions<All, Text extends boolean = boolean> extends CallOptions<Text> {
  /** All requests: the call needs no WebSocket. Without them, they are sent one by one. */
  readonly requests?: All;
}

/** A stream of requests. */
export interface RequestStream<Request> {
  /**
   * Sends a message. Resolves when there is room for the next, so waiting for it keeps memory flat. Does nothing once the
   * call is over: how it ended is for the receiving side to tell.
   */
  send(request: Input<Request>): Promise<void>;
  /** Says that no more messages follow. */
  end(): void;
  /** Cancels the call. */
  cancel(): void;
}

/** A call whose both sides stream. It starts at once; the responses are read with `for await`. */
export interface BidiStream<Request, Response> extends RequestStream<Request>, AsyncIterable<Response, undefined> {}

/** A call whose requests stream. */
export interface ClientStream<Request, Response> extends RequestStream<Request> {
  /** The one response. */
  readonly response: Promise<Response>;
}
