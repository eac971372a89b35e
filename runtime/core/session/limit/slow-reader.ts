import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Indexed } from "../../collections/indexed-set.js";
import type { GatewayError } from "../../errors/gateway-error.js";

/** A client for which the gateway holds bytes. */
export class SlowReader implements Indexed {
  index: number = -1;
  /** Disconnects the client. */
  readonly cut: (reason: GatewayError) => void;
  readonly #connection: Duplex;
  /** The bytes that are held for the client. */
  bytes: number = 0;
  /** The last time at which the client was known to have read something, or nothing was waiting for it. */
  takenAt: number = performance.now();
  #taken: number;

  constructor(connection: Duplex, cut: (reason: GatewayError) => void) {
    this.cut = cut;
    this.#connection = connection;
    this.#taken = takenBytes(connection, waitingBytes(connection));
  }

  /** Finds out whether the client has read something since the last time. */
  look(now: number): void {
    const waiting = waitingBytes(this.#connection);
    const taken = takenBytes(this.#connection, waiting);
    if (waiting === 0 || taken > this.#taken) this.takenAt = now;
    this.#taken = taken;
  }
}

/**
 * Returns how much memory bytes take that have been written to a connection and that the client does not read. With TLS,
 * Node.js holds them a second time, encrypted.
 */
export function unreadBytes(connection: Duplex, written: number): number {
  return connection instanceof TLSSocket ? 2 * written : written;
}

/**
 * Returns how many bytes the operating system has not accepted yet. This is the sum of two numbers: the bytes in the
 * stream's buffer, where a long write counts until its end, and the rest of that write. Node.js also uses the second
 * number to distinguish a slow reader from one that has stopped.
 */
function waitingBytes(connection: Duplex): number {
  return connection.writableLength + numberIn(handleOf(connection), "writeQueueSize");
}

/**
 * Returns a number that grows when the operating system accepts bytes, and does not grow when more are written, such as
 * the pings of a WebSocket.
 */
function takenBytes(connection: Duplex, waiting: number): number {
  const handle = handleOf(connection);
  if (handle === undefined) return -waiting;
  return numberIn(handle, "bytesWritten") - numberIn(handle, "writeQueueSize");
}

/** Returns the connection's TCP handle. With TLS, it is below the one that encrypts. */
function handleOf(connection: Duplex): object | undefined {
  const handle = objectIn(connection, "_handle");
  return handle === undefined ? undefined : (objectIn(handle, "_parent") ?? handle);
}

function objectIn(owner: object, name: string): object | undefined {
  const value: unknown = Reflect.get(owner, name);
  return typeof value === "object" && value !== null ? value : undefined;
}

function numberIn(owner: object | undefined, name: string): number {
  const value: unknown = owner === undefined ? 0 : Reflect.get(owner, name);
  return typeof value === "number" ? value : 0;
}
