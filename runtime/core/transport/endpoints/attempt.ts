import type { GatewayError } from "../../errors/gateway-error.js";
import type { Metadata } from "../transport.js";

/**
 * The size from which an attempt announces messages, in bytes. This much of each message may arrive anyway: it is the
 * default flow-control window of HTTP/2.
 */
export const ANNOUNCED_FROM: number = 64 * 1024;

/** The kinds of failure of an attempt. They decide whether another attempt may follow. */
export type Failure =
  /** Nothing was sent. */
  | "not sent"
  /** The server says by HTTP/2 that it has not processed the call. */
  | "refused"
  /** The connection broke before the response began. It is not known whether the server has processed the call. */
  | "broken"
  /** Another attempt would not help, or the response had begun. */
  | "final";

/** An attempt to make a call, on one connection. After {@link Attempt.cancel} or its end, its methods do nothing. */
export interface Attempt {
  /**
   * Sends a message. The next one must wait until this one has been sent.
   *
   * @param last whether it is the last message
   * @returns whether it has already been sent; otherwise {@link AttemptListener.onSent} is called when it has
   */
  send(message: Buffer, last: boolean): boolean;
  /** Ends the requests, if no message was sent as the last one. */
  end(): void;
  /**
   * Stops messages and the end until `resume`, also in the middle of a message. HTTP/2 flow control pauses the server.
   * A message that has arrived may still be passed on.
   */
  pause(): void;
  /** Continues after `pause`. */
  resume(): void;
  /** Cancels the attempt, also at the server. The listener is not called any more. */
  cancel(): void;
}

/** Receives the events of an attempt. Of its methods, only `resume` and, over `lean`, `send` cause events at once. */
export interface AttemptListener {
  /** The response headers. Called at most once, before any message. */
  onHeaders(headers: Metadata): void;
  /**
   * A part of a message of at least {@link ANNOUNCED_FROM} bytes has arrived. Usually called once for each such message,
   * but possibly again after an earlier message.
   *
   * @param length the size of the whole message, in bytes
   */
  onLarge(length: number): void;
  onMessage(message: Buffer): void;
  /** The message passed to `send` has been sent. */
  onSent(): void;
  /** The attempt has ended with the status OK. */
  onOk(trailers: Metadata): void;
  /** The attempt has ended with another status, or without one. */
  onFailed(failure: Failure, error: GatewayError, trailers: Metadata): void;
}
