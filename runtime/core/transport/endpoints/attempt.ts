import type { GatewayError } from "../../errors/gateway-error.js";
import type { Metadata } from "../transport.js";

/** What befell an attempt that failed, as far as it matters for another. */
export type Failure =
  /** Nothing left this process. */
  | "not sent"
  /** The server says, on the level of HTTP/2, that it has done nothing with the call. */
  | "refused"
  /** The connection broke before the answer began; what the server has done is not known. */
  | "broken"
  /** Something that sending again would not help, or the answer had begun. */
  | "final";

/** One try at a call, on one connection. After {@link Attempt.cancel} or its end, all of its methods do nothing. */
export interface Attempt {
  /**
   * Sends a message; the next must wait for this one to leave.
   *
   * @param last whether none follows
   * @returns whether it has left already; otherwise {@link AttemptListener.onSent} tells when
   */
  send(message: Buffer, last: boolean): boolean;
  /** Says that no message follows, where none was sent as the last. */
  end(): void;
  /** Stops messages, and the end, until `resume`; the server is held back. A message under way may still arrive. */
  pause(): void;
  /** Goes on after `pause`. */
  resume(): void;
  /** Ends it, here and at the server. The listener hears nothing more. */
  cancel(): void;
}

/** Hears what comes of an attempt, never from within one of its methods save `resume`. */
export interface AttemptListener {
  /** The response headers. At most once, before any message. */
  onHeaders(headers: Metadata): void;
  onMessage(message: Buffer): void;
  /** The message given to `send` has left. */
  onSent(): void;
  /** The attempt is over, with the status OK. */
  onOk(trailers: Metadata): void;
  /** The attempt is over, with another status or with none. */
  onFailed(failure: Failure, error: GatewayError, trailers: Metadata): void;
}
