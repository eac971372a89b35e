import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

const EMPTY = Buffer.alloc(0);

/**
 * Joins chunks into one buffer, up to a limit. A single chunk is not copied. Many chunks, however small, need at most
 * twice their total length of memory.
 */
export class ByteAccumulator {
  readonly #limit: number;
  #bytes: Buffer = EMPTY;
  #length = 0;

  /** @param limit the most bytes that it accepts */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws GatewayError `RESOURCE_EXHAUSTED` (413) beyond the limit */
  append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#limit) throw tooLarge(this.#limit);
    if (this.#length === 0) {
      this.#bytes = chunk;
    } else {
      if (length > this.#bytes.length || this.#bytes.length === this.#length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * this.#length, this.#limit)));
        this.#bytes.copy(grown, 0, 0, this.#length);
        this.#bytes = grown;
      }
      chunk.copy(this.#bytes, this.#length);
    }
    this.#length = length;
  }

  /** Returns the appended bytes and empties the accumulator. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = EMPTY;
    this.#length = 0;
    return bytes;
  }
}

/** Creates the error for a body or message over a limit, in bytes. */
export function tooLarge(limit: number): GatewayError {
  return new GatewayError(
    Status.RESOURCE_EXHAUSTED,
    `the request is larger than the gateway's limit of ${limit} bytes`,
    {
      httpStatus: 413,
    },
  );
}
