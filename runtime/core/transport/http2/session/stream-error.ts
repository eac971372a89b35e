import type { ErrorCode } from "../frames/error-code.js";

/** An error that affects only one stream: RFC 9113, section 5.4.2. The stream is reset with the error's code. */
export class StreamError extends Error {
  override readonly name = "StreamError";
  readonly code: ErrorCode;

  /** @param message what the peer did wrong */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
