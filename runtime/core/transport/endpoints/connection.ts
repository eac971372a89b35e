import type { Metadata } from "../transport.js";
import type { Attempt, AttemptListener } from "./attempt.js";

/**
 * What a call does to the connection it is on. `short` calls have a deadline and share one connection an endpoint.
 * `long` ones may stay for days and use up a connection's streams, so they travel apart and get more connections.
 */
export type Traffic = "short" | "long";

/**
 * A connection to one endpoint, kept up from its making until it is closed, whatever kind of channel it is. Its timers
 * never keep the process alive; its calls do.
 */
export interface Connection {
  /** The number of the endpoint it leads to. */
  readonly endpoint: number;
  /** How many calls are on it; the pool counts them. */
  calls: number;
  /** How many calls may be on it. It is known from the moment that it is ready. */
  readonly capacity: number;
  /** Counts what the server sends: a number that changes with each answer, if not with each piece of one. */
  readonly heard: number;
  /** Whether a call started now goes out at once. */
  readonly ready: boolean;
  /** Begins to connect, or to connect again, unless that is under way. */
  connect(): void;
  /** Tells why it is not ready, as far as is known. Nothing is sent. */
  explain(report: (reason: string) => void): void;
  /** Finds out at once whether it is dead, if this kind of connection can. Calls on a dead one fail. */
  check(): void;
  /**
   * Starts a call.
   *
   * @param deadline when it must be over, for the server to know, in milliseconds since the epoch. The caller sees to it.
   */
  start(path: string, metadata: Metadata, deadline: number | undefined, listener: AttemptListener): Attempt;
  /** Lets go of the connection; calls on it go on until they end. */
  close(): void;
}

/** How to reach an endpoint. */
export interface Place {
  /** Its name in logs. */
  readonly name: string;
  /**
   * Makes a connection to it that shares no HTTP/2 session.
   *
   * @param onReady called each time that it gets ready
   */
  readonly open: (traffic: Traffic, onReady: () => void) => Connection;
}
