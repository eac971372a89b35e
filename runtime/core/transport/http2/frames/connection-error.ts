import type { ErrorCode } from "./error-code.js";

/**
 * What makes a connection unusable: RFC 9113, section 5.4.1. Whoever catches it sends GOAWAY with its code and closes
 * the connection.
 */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** The code for the GOAWAY frame. */
  readonly code: ErrorCode;

  /** @param message what the peer did wrong, in which frame */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
