import type { ErrorCode } from "./error-code.js";

/**
 * An error after which a connection cannot be used: RFC 9113, section 5.4.1. The code that catches it sends GOAWAY with
 * the error's code and closes the connection.
 */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** The code for the GOAWAY frame. */
  readonly code: ErrorCode;

  /** @param message what the peer did wrong, and in which frame */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
