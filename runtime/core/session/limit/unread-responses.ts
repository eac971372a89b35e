import type { Duplex } from "node:stream";
import { IndexedSet } from "../../collections/indexed-set.js";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { Arrival, Arrivals } from "../../transport/transport.js";
import { SlowReader } from "./slow-reader.js";

/** How long the gateway holds bytes for clients that do not read, and how many. */
export interface UnreadResponsesOptions {
  /** The most bytes that are held for all clients together. One message may exceed it. */
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
const SWEEP = 500;

/** A client that has read something within this time is not disconnected to make room, in milliseconds. */
const PATIENCE = 1_000;

/**
 * How long there may be no room because all clients read, but slowly, in milliseconds. Without this limit, a few clients
 * could keep all others from their responses.
 */
const SHORTAGE = 5_000;

/** A large message that is arriving from a server, or waits. */
class LargeMessage {
  readonly length: number;
  readonly onRoom: () => void;
  waits = true;

  constructor(length: number, onRoom: () => void) {
    this.length = length;
    this.onRoom = onRoom;
  }
}

/**
 * The bytes of responses that are in memory: those that clients have not read, and large messages that are arriving from
 * servers. A client that reads nothing for a while is disconnected. If there are too many bytes in all, large messages
 * wait, and clients that read nothing are disconnected, until clients hold at most half of the limit or no message waits.
 * Rejecting new requests instead would let clients that do not read block those that do.
 */
export class UnreadResponses implements Arrivals {
  readonly #limit: number;
  readonly #timeout: number;
  readonly #readers: IndexedSet<SlowReader> = new IndexedSet();
  /** The bytes that are held for clients. */
  #held = 0;
  /** The size of the messages that may arrive. Each counts as a whole from its beginning, so that it can be completed. */
  #arriving = 0;
  /** The messages that wait, in order. */
  readonly #waiting: Set<LargeMessage> = new Set();
  #next: NodeJS.Immediate | undefined;
  /** Since when nothing could arrive for lack of room, or since a client was disconnected although it reads. */
  #shortSince: number | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor({ limit, timeout }: UnreadResponsesOptions) {
    this.#limit = limit;
    this.#timeout = timeout;
  }

  /** The bytes that are in memory for clients, or will be when the messages that may arrive have arrived. */
  get bytes(): number {
    return this.#held + this.#arriving;
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
      this.#settleSoon();
    };
    this.#sweep ??= setInterval(() => this.#checkSoon(), this.#interval).unref();
    add(bytes);
    return { add, release: () => this.#release(reader) };
  }

  begin(length: number, onRoom: () => void): Arrival {
    const message = new LargeMessage(length, onRoom);
    if (this.#waiting.size === 0 && this.#hasRoom(length)) this.#admit(message);
    else this.#waiting.add(message);
    this.#settleSoon();
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      if (!this.#waiting.delete(message)) this.#arriving -= length;
      this.#settleSoon();
    };
    return {
      get waits() {
        return message.waits;
      },
      end,
    };
  }

  get #interval(): number {
    return this.#timeout > 0 ? Math.min(SWEEP, this.#timeout / 4) : SWEEP;
  }

  /** Whether another message may arrive. If none is arriving, it may exceed the limit, because it could be too long. */
  #hasRoom(length: number): boolean {
    return this.#held + (this.#arriving === 0 ? 0 : this.#arriving + length) <= this.#limit;
  }

  #admit(message: LargeMessage): void {
    message.waits = false;
    this.#arriving += message.length;
    this.#shortSince = undefined;
  }

  /**
   * Makes room, and lets the next messages arrive. Not at once: what has just arrived is about to be held for its
   * client, and after a busy moment, what clients have read in the meantime is known only at the end of the turn of the
   * event loop. While there is no room, the next check does it: to look at all clients each time is too slow.
   */
  #settleSoon(): void {
    const isShort = this.#waiting.size > 0 || this.#held > this.#limit;
    if (isShort) this.#next ??= setImmediate(() => this.#settle());
  }

  #settle(): void {
    this.#next = undefined;
    if (this.#shortSince === undefined) this.#makeRoom(this.#limit);
    this.#admitNext();
  }

  #admitNext(): void {
    for (const message of this.#waiting) {
      if (!this.#hasRoom(message.length)) break;
      this.#waiting.delete(message);
      this.#admit(message);
      message.onRoom();
    }
  }

  /** @param mayHold how much clients may hold, in bytes */
  #makeRoom(mayHold: number): void {
    while (this.#held > mayHold && (this.#readers.size > 1 || this.#waiting.size > 0)) {
      const now = performance.now();
      this.#shortSince ??= now;
      let slowest: SlowReader | undefined;
      for (const reader of this.#readers) {
        reader.look(now);
        if (slowest === undefined || reader.takenAt < slowest.takenAt) slowest = reader;
      }
      if (slowest === undefined) return;
      if (now - slowest.takenAt < PATIENCE) {
        const isShort = this.#held > this.#limit;
        if (isShort && now - this.#shortSince < SHORTAGE) return;
        this.#shortSince = now;
        if (!isShort) return;
      }
      const reason = `the gateway holds more than ${mayHold} bytes of unread responses, and this client has not read for the longest time`;
      this.#cut(slowest, new GatewayError(Status.UNAVAILABLE, reason));
    }
    this.#shortSince = undefined;
  }

  /** Checks at the end of the turn of the event loop, because a timer runs before what clients have read is known. */
  #checkSoon(): void {
    setImmediate(() => this.#check());
  }

  /** Disconnects the clients that have read nothing for too long. */
  #check(): void {
    const now = performance.now();
    for (const reader of this.#readers) {
      reader.look(now);
      if (this.#timeout === 0 || now - reader.takenAt < this.#timeout) continue;
      const reason = `the client has read nothing for ${this.#timeout} ms`;
      this.#cut(reader, new GatewayError(Status.DEADLINE_EXCEEDED, reason));
    }
    // While messages wait, clients that do not read may hold half: otherwise messages could only arrive one by one.
    this.#makeRoom(this.#waiting.size > 0 ? Math.floor(this.#limit / 2) : this.#limit);
    this.#admitNext();
  }

  #cut(reader: SlowReader, reason: GatewayError): void {
    this.#release(reader);
    reader.cut(reason);
  }

  #release(reader: SlowReader): void {
    if (!this.#readers.delete(reader)) return;
    this.#held -= reader.bytes;
    this.#settleSoon();
    if (this.#readers.size > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}
