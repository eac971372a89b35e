import type { ErrorCode } from "../frames/error-code.js";

/** What makes one stream unusable, and no other: RFC 9113, section 5.4.2. It is reset with the code. */
export class StreamError extends Error {
  override readonly name = "StreamError";
  readonly code: ErrorCode;

  /** @param message what the peer did wrong */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
