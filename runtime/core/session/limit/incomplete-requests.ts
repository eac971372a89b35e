import type { GatewayError } from "../../errors/gateway-error.js";
import { Rejection } from "../../errors/rejection.js";

/** Requests up to this size are not counted, in bytes: to reject them would make little room. */
export const SMALL_REQUEST: number = 64 * 1024;

/** The bytes that are in memory for one request: what has arrived and is incomplete, and what waits for its call. */
export class IncompleteRequest {
  readonly #all: IncompleteRequests;
  readonly #reject: (reason: GatewayError) => void;
  #bytes = 0;
  /** How many of them count. */
  #counted = 0;
  #isRejected = false;

  constructor(all: IncompleteRequests, reject: (reason: GatewayError) => void) {
    this.#all = all;
    this.#reject = reject;
  }

  /** How many bytes count: none while there are few. */
  get counted(): number {
    return this.#counted;
  }

  /** Adds bytes, or removes them if `bytes` is negative. This may reject other requests. */
  add(bytes: number): void {
    this.#bytes += bytes;
    const counted = this.#bytes > SMALL_REQUEST && !this.#isRejected ? this.#bytes : 0;
    if (counted === this.#counted) return;
    const more = counted - this.#counted;
    this.#counted = counted;
    this.#all.count(this, more);
  }

  /** Rejects the request. Its bytes count no longer: they are about to be dropped. */
  reject(reason: GatewayError): void {
    this.#isRejected = true;
    this.add(0);
    this.#reject(reason);
  }
}

/**
 * The bytes of requests that have not arrived in full, or wait for their calls. If there are too many in all, the
 * request that began first is rejected. Rejecting new requests instead would let clients that begin requests and do not
 * end them block all others.
 */
export class IncompleteRequests {
  readonly #limit: number;
  /** The requests that count, in the order in which they began to. */
  readonly #requests = new Set<IncompleteRequest>();
  #bytes = 0;

  /** @param limit the most bytes of all requests together. One request may exceed it */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes that count. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Begins a request.
   *
   * @param reject ends the request; it receives the reason
   */
  begin(reject: (reason: GatewayError) => void): IncompleteRequest {
    return new IncompleteRequest(this, reject);
  }

  /** Counts more bytes of a request, or fewer. Only the request itself calls this. */
  count(request: IncompleteRequest, more: number): void {
    this.#bytes += more;
    if (request.counted === 0) this.#requests.delete(request);
    else this.#requests.add(request);
    if (more > 0 && this.#bytes > this.#limit) this.#makeRoomFor(request);
  }

  #makeRoomFor(request: IncompleteRequest): void {
    for (const other of this.#requests) {
      if (other === request) continue;
      const reason = `the gateway holds more than ${this.#limit} bytes of incomplete or waiting requests, and this one began first`;
      other.reject(new Rejection("overload", reason));
      if (this.#bytes <= this.#limit) return;
    }
  }
}
