import type { GatewayError } from "../../errors/gateway-error.js";
import { Rejection } from "../../errors/rejection.js";

/** Requests up to this size are not counted, in bytes: to reject them would make little room. */
export const SMALL_REQUEST: number = 64 * 1024;

/** A request body, or a message of a request stream, that is arriving. */
export interface IncompleteRequest {
  /** Sets how many bytes are in memory for it. This may reject other requests. */
  holds(bytes: number): void;
  /** Ends the counting. */
  end(): void;
}

/** What has arrived of a request, in bytes, and what rejects it. */
interface Part {
  bytes: number;
  readonly reject: (reason: GatewayError) => void;
}

/**
 * The bytes of requests that have not arrived in full. If there are too many in all, the request that began first is
 * rejected. Rejecting new requests instead would let clients that begin requests and do not end them block all others.
 */
export class IncompleteRequests {
  readonly #limit: number;
  /** The requests, in the order in which they began to count. */
  readonly #parts = new Set<Part>();
  #bytes = 0;

  /** @param limit the most bytes of all requests together. One request may exceed it */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Begins to count a request, which is larger than {@link SMALL_REQUEST}.
   *
   * @param reject ends the request; it receives the reason
   */
  begin(reject: (reason: GatewayError) => void): IncompleteRequest {
    const part = { bytes: 0, reject };
    this.#parts.add(part);
    return {
      holds: (bytes) => {
        if (!this.#parts.has(part)) return;
        this.#bytes += bytes - part.bytes;
        part.bytes = bytes;
        if (this.#bytes > this.#limit) this.#makeRoomFor(part);
      },
      end: () => this.#end(part),
    };
  }

  #makeRoomFor(part: Part): void {
    for (const other of this.#parts) {
      if (other === part) continue;
      this.#end(other);
      const reason = `the gateway holds more than ${this.#limit} bytes of incomplete requests, and this one began first`;
      other.reject(new Rejection("overload", reason));
      if (this.#bytes <= this.#limit) return;
    }
  }

  #end(part: Part): void {
    if (this.#parts.delete(part)) this.#bytes -= part.bytes;
  }
}
