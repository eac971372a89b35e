import type { Metadata } from "../transport.js";
import type { Attempt, AttemptListener } from "./attempt.js";

/**
 * The kinds of calls, by their effect on a connection:
 *
 * - `short` calls have a deadline and share one connection per endpoint.
 * - `long` calls may last for days and use up the streams of a connection. They have separate connections, as many as
 *   they need.
 */
export type Traffic = "short" | "long";

/** The reason why a connection is not ready if its server has not responded yet. */
export const NO_RESPONSE_YET = "no response yet";

/**
 * A connection to one endpoint, of either kind of channel. It reconnects until it is closed. Its timers never keep the
 * process alive, but its calls do.
 */
export interface Connection {
  /** The number of its endpoint. */
  readonly endpoint: number;
  /** The number of its calls. The pool counts them. */
  calls: number;
  /** The largest number of its calls. It is known when the connection is ready. */
  readonly capacity: number;
  /**
   * A number that changes whenever the server sends something: at least with each response, often with each part of
   * one.
   */
  readonly heard: number;
  /** Whether a new call would be sent immediately. */
  readonly ready: boolean;
  /** Begins to connect or reconnect, unless this is already in progress. */
  connect(): void;
  /** Reports the known reason why it is not ready. Sends nothing. */
  explain(report: (reason: string) => void): void;
  /**
   * Tests at once whether the connection is dead, if this kind of connection can. The calls on a dead connection fail.
   */
  check(): void;
  /**
   * Starts a call.
   *
   * @param deadline the deadline to send to the server, in milliseconds since the epoch. The caller must enforce it
   *   itself.
   */
  start(path: string, metadata: Metadata, deadline: number | undefined, listener: AttemptListener): Attempt;
  /** Closes the connection. Its calls continue until they end. */
  close(): void;
}
