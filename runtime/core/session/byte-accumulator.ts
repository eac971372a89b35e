import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { type IncompleteRequest, type IncompleteRequests, SMALL_REQUEST } from "./limit/incomplete-requests.js";

const EMPTY = Buffer.alloc(0);

/**
 * Joins chunks into one buffer, up to a limit. A single chunk is not copied. Many chunks, however small, need at most
 * twice their total length of memory.
 */
export class ByteAccumulator {
  readonly #limit: number;
  readonly #requests: IncompleteRequests | undefined;
  readonly #reject: (reason: GatewayError) => void;
  /** Counts the bytes. `undefined` while they are few, or a single chunk, which need not wait for others. */
  #counted: IncompleteRequest | undefined;
  #bytes: Buffer = EMPTY;
  #length = 0;

  /**
   * @param limit the most bytes that it accepts
   * @param requests count the bytes until they are taken or dropped
   * @param reject called if `requests` have too many bytes
   */
  constructor(limit: number, requests?: IncompleteRequests, reject: (reason: GatewayError) => void = () => {}) {
    this.#limit = limit;
    this.#requests = requests;
    this.#reject = reject;
  }

  /** @throws GatewayError `RESOURCE_EXHAUSTED` (413) beyond the limit */
  append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#limit) throw tooLarge(this.#limit);
    if (this.#length === 0) {
      this.#bytes = chunk;
    } else {
      if (length > this.#bytes.length || this.#bytes.length === this.#length) {
        const size = Math.max(length, Math.min(2 * this.#length, this.#limit));
        if (size > SMALL_REQUEST) this.#counted ??= this.#requests?.begin(this.#reject);
        this.#counted?.holds(size);
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
    this.#counted?.end();
    this.#counted = undefined;
    this.#bytes = EMPTY;
    this.#length = 0;
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
