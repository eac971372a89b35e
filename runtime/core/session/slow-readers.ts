import type { Duplex } from "node:stream";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

/** How long the bytes for clients that do not read are kept, and how many. */
export interface SlowReadersOptions {
  /** The most bytes that are held for all clients together; one answer may be longer if it is the only one. */
  readonly limit: number;
  /** How long a client may take none of the bytes that wait for it, in milliseconds; 0 for as long as it likes. */
  readonly timeout: number;
}

/** Bytes that are held for a client. */
export interface HeldBytes {
  /** Further bytes are held for it. Its connection may be cut by this. */
  add(bytes: number): void;
  /** They are held no longer. */
  release(): void;
}

/** How often clients are looked at, at least, in milliseconds. */
const SWEEP = 5_000;

/**
 * The clients that have not taken all that was written for them. One that takes nothing for a while is cut off, and if the
 * bytes that are held for all of them are too many, so is the one that has taken nothing for the longest time: if new
 * requests were refused instead, those who do not read would decide for those who do.
 */
export class SlowReaders {
  readonly #limit: number;
  readonly #timeout: number;
  readonly #readers = new Set<SlowReader>();
  #held = 0;
  #sweep: NodeJS.Timeout | undefined;

  constructor({ limit, timeout }: SlowReadersOptions) {
    this.#limit = limit;
    this.#timeout = timeout;
  }

  /** The bytes that are held for all clients. */
  get held(): number {
    return this.#held;
  }

  /**
   * Holds bytes for a client, until they are released.
   *
   * @param cut cuts its connection, and says why
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
      const reason = `the gateway holds more than ${this.#limit} bytes for clients that do not read, and this client has not read for the longest time`;
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

class SlowReader {
  readonly cut: (reason: GatewayError) => void;
  readonly #connection: Duplex;
  /** The bytes that are held for it. */
  bytes = 0;
  /** When it was last seen to have taken some of what waits, or nothing waited. */
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
 * The bytes that the system has not taken yet: those in the stream's buffer, where a long write counts until its end, and
 * of that write those that the system has left, by which Node.js itself knows a slow reader from one that has stopped.
 */
function waitingBytes(connection: Duplex): number {
  const handle: unknown = Reflect.get(connection, "_handle");
  const queued: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "writeQueueSize") : 0;
  return connection.writableLength + (typeof queued === "number" ? queued : 0);
}
