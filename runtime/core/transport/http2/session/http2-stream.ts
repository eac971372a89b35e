import type { ResponseFields } from "./response-fields.js";
import type { StreamError } from "./stream-error.js";

/**
 * A stream of a {@link Session}: the state that the session keeps, and the methods that receive its events. Clients
 * extend it with their own state, so that each request needs only one object.
 *
 * The session calls at most one of the last four methods, once. After that it does not use the stream any more.
 */
export abstract class Http2Stream {
  /** The stream id; 0 while the stream is queued. */
  id = 0;
  /** The request's header block, while the stream is queued. */
  block: Buffer | undefined;
  /**
   * The number of bytes that may be sent until the peer allows more (RFC 9113, section 5.2). The peer's SETTINGS may
   * make it negative.
   */
  sendWindow = 0;
  /** The number of bytes that the peer may send until we allow more. */
  receiveWindow = 0;
  /** The used part of that window, in bytes, which can be given back. */
  used = 0;
  /** Whether response headers have arrived, not counting interim responses. */
  hasHeaders = false;
  /** The number of bytes that are missing according to the response's `content-length`; -1 if it has none. */
  dataLeft = -1;
  /** Whether our side has ended, or will end when {@link queue} has been sent. */
  hasEnded = false;
  /** The data to be sent, in order. {@link queueStart} is the position of its first unsent byte. */
  queue: Buffer[] = [];
  queueStart = 0;
  /** Whether received data is kept for later. Its window is then not given back. */
  isHeld = false;

  /** Response headers, or trailers, which have no status. If they end the stream, {@link onEnd} follows. */
  abstract onHeaders(fields: ResponseFields, endStream: boolean): void;
  /** A piece of the response body, never empty. */
  abstract onData(bytes: Buffer): void;
  /** All data in the queue has been sent. */
  abstract onSent(): void;

  /** The peer has ended its side. */
  abstract onEnd(): void;
  /** The peer has reset the stream. @param code any number, usually an `ErrorCode` */
  abstract onReset(code: number): void;
  /** The peer has violated the protocol, and the session has reset the stream. */
  abstract onError(error: StreamError): void;
  /**
   * The stream will get no response.
   *
   * @param wasSent `unprocessed`: the peer's GOAWAY says that it has not processed the stream
   */
  abstract onLost(wasSent: "no" | "unprocessed" | "yes", reason: Error): void;
}
