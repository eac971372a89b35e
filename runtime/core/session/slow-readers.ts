import type { Duplex } from "node:stream";
import { type Indexed, IndexedSet } from "../collections/indexed-set.js";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

/** How long the gateway holds bytes for clients that do not read, and how many. */
export interface SlowReadersOptions {
  /** The most bytes that are held for all clients together. A single response may be larger if it is the only one. */
  readonly limit: number;
  /** How long a client may read nothing although bytes wait for it, in milliseconds. 0 for no limit. */
  readonly timeout: number;
}

/** Bytes that are held for a client. */
export interface HeldBytes {
  /** Counts further bytes. This may disconnect the client. */
  add(bytes: number): void;
  /** Ends the counting. */
  release(): void;
}

/** The longest time between two checks of the clients, in milliseconds. */
const SWEEP = 5_000;

/**
 * The clients that have not read all that was written for them. A client that reads nothing for a while is
 * disconnected. If too many bytes are held for all clients together, the client that has read nothing for the longest
 * time is disconnected. Rejecting new requests instead would let clients that do not read block those that do.
 */
export class SlowReaders {
  readonly #limit: number;
  readonly #timeout: number;
  readonly #readers: IndexedSet<SlowReader> = new IndexedSet();
  #held = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor({ limit, timeout }: SlowReadersOptions) {
    this.#limit = limit;
    this.#timeout = timeout;
  }

  /** The bytes that are held for all clients together. */
  get held(): number {
    return this.#held;
  }

  /**
   * Counts bytes as held for a client, until they are released.
   *
   * @param cut disconnects the client; it receives the reason
   */
  hold(connection: Duplex, bytes: number, cut: (reason: GatewayError) => void): HeldBytes {
    const reader = new SlowReader(connection, cut);
    this.#readers.add(reader);
    const add = (more: number): void => {
      if (!this.#readers.has(reader)) return;
      reader.bytes += more;
      this.#held += more;
      this.#makeRoom();
    };
    add(bytes);
    if (this.#timeout > 0)
      this.#sweep ??= setInterval(() => this.#cutStalled(), Math.min(SWEEP, this.#timeout / 4)).unref();
    return { add, release: () => this.#release(reader) };
  }

  #makeRoom(): void {
    while (this.#held > this.#limit && this.#readers.size > 1) {
      const now = performance.now();
      let slowest: SlowReader | undefined;
      for (const reader of this.#readers) {
        reader.look(now);
        if (slowest === undefined || reader.takenAt < slowest.takenAt) slowest = reader;
      }
      if (slowest === undefined) return;
      const reason = `the gateway holds more than ${this.#limit} bytes of unread responses, and this client has not read for the longest time`;
      this.#cut(slowest, new GatewayError(Status.UNAVAILABLE, reason));
    }
  }

  #cutStalled(): void {
    const now = performance.now();
    for (const reader of this.#readers) {
      reader.look(now);
      if (now - reader.takenAt < this.#timeout) continue;
      const reason = `the client has read nothing for ${this.#timeout} ms`;
      this.#cut(reader, new GatewayError(Status.DEADLINE_EXCEEDED, reason));
    }
  }

  #cut(reader: SlowReader, reason: GatewayError): void {
    this.#release(reader);
    reader.cut(reason);
  }

  #release(reader: SlowReader): void {
    if (!this.#readers.delete(reader)) return;
    this.#held -= reader.bytes;
    if (this.#readers.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

class SlowReader implements Indexed {
  index = -1;
  readonly cut: (reason: GatewayError) => void;
  readonly #connection: Duplex;
  /** The bytes that are held for the client. */
  bytes = 0;
  /** The last time at which the client was known to have read something, or nothing was waiting for it. */
  takenAt = performance.now();
  #waiting: number;

  constructor(connection: Duplex, cut: (reason: GatewayError) => void) {
    this.cut = cut;
    this.#connection = connection;
    this.#waiting = waitingBytes(connection);
  }

  look(now: number): void {
    const waiting = waitingBytes(this.#connection);
    if (waiting === 0 || waiting !== this.#waiting) this.takenAt = now;
    this.#waiting = waiting;
  }
}

/**
 * Returns how many bytes the operating system has not accepted yet. This is the sum of two numbers: the bytes in the
 * stream's buffer, where a long write counts until its end, and the rest of that write. Node.js also uses the second
 * number to distinguish a slow reader from one that has stopped.
 */
function waitingBytes(connection: Duplex): number {
  const handle: unknown = Reflect.get(connection, "_handle");
  const queued: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "writeQueueSize") : 0;
  return connection.writableLength + (typeof queued === "number" ? queued : 0);
}
