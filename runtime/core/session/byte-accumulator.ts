import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { IncompleteRequest } from "./limit/incomplete-requests.js";

const EMPTY = Buffer.alloc(0);

/**
 * Joins chunks into one buffer, up to a limit. A single chunk is not copied. Many chunks, however small, need at most
 * twice their total length of memory.
 */
export class ByteAccumulator {
  readonly #limit: number;
  readonly #request: IncompleteRequest | undefined;
  /** How many bytes it has added to the request. */
  #counted = 0;
  #bytes: Buffer = EMPTY;
  #length = 0;

  /**
   * @param limit the most bytes that it accepts
   * @param request counts the bytes until they are taken or dropped
   */
  constructor(limit: number, request?: IncompleteRequest) {
    this.#limit = limit;
    this.#request = request;
  }

  /** @throws GatewayError `RESOURCE_EXHAUSTED` (413) beyond the limit */
  append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#limit) throw tooLarge(this.#limit);
    if (this.#length === 0) {
      this.#count(chunk.length);
      this.#bytes = chunk;
    } else {
      if (length > this.#bytes.length || this.#bytes.length === this.#length) {
        const size = Math.max(length, Math.min(2 * this.#length, this.#limit));
        this.#count(size);
        const grown = Buffer.allocUnsafeSlow(size);
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
    this.drop();
    return bytes;
  }

  /** Drops the appended bytes. */
  drop(): void {
    this.#count(0);
    this.#bytes = EMPTY;
    this.#length = 0;
  }

  #count(bytes: number): void {
    this.#request?.add(bytes - this.#counted);
    this.#counted = bytes;
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
