import type { ResponseFields } from "./response-fields.js";
import type { StreamError } from "./stream-error.js";

/**
 * A stream of a {@link Session}: a record that the session keeps by its id, and what hears of it. Whoever makes requests
 * extends it by what they need to know of one, so that a request is one object.
 *
 * The session calls each of the last four methods at most once, and then none: the stream is no longer its own.
 */
export abstract class ClientStream {
  /** Its number; 0 as long as it waits in line. */
  id = 0;
  /** The request's header block, while the stream waits in line. */
  block: Buffer | undefined;
  /** What may be sent before the peer says more (RFC 9113, section 5.2). Its settings may make it negative. */
  sendWindow = 0;
  /** What the peer may send before we say more. */
  receiveWindow = 0;
  /** What of that window has been used up, and may be given back. */
  used = 0;
  /** Whether response headers have come, other than interim ones. */
  hasHeaders = false;
  /** How much data must still come by the response's `content-length`; -1 if it has none. */
  dataLeft = -1;
  /** Whether we have ended our side, or will have when {@link queue} is sent. */
  hasEnded = false;
  /** What waits to be sent, in order; the first of it from {@link queueStart} on. */
  queue: Buffer[] = [];
  queueStart = 0;
  /** Whether what comes is kept for later: then its window is not given back. */
  isHeld = false;

  /** Response headers, or trailers, which have no status. Behind those that end the stream comes {@link onEnd}. */
  abstract onHeaders(fields: ResponseFields, endStream: boolean): void;
  /** A piece of the response, never empty. */
  abstract onData(bytes: Buffer): void;
  /** All of what was in the queue has been sent. */
  abstract onSent(): void;

  /** The peer has ended its side. */
  abstract onEnd(): void;
  /** The peer has reset it. @param code any number, usually an `ErrorCode` */
  abstract onReset(code: number): void;
  /** The peer has broken the protocol, and the session has reset it. */
  abstract onError(error: StreamError): void;
  /**
   * It will not be answered.
   *
   * @param wasSent `unprocessed`: by its GOAWAY the peer has done nothing with it
   */
  abstract onLost(wasSent: "no" | "unprocessed" | "yes", reason: Error): void;
}
