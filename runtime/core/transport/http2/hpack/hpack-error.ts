/**
 * A malformed header block. The tables of both sides differ afterwards, so it ends the connection with
 * COMPRESSION_ERROR: RFC 9113, section 4.3.
 */
export class HpackError extends Error {
  override readonly name = "HpackError";

  /** @param offset the position in the block, in bytes */
  constructor(message: string, offset: number) {
    super(`malformed header block: ${message} at byte ${offset}`);
  }
}
