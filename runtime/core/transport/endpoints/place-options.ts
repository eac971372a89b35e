import type { Address } from "./endpoint.js";
import type { TlsSide } from "./tls.js";

/** What a kind of channel needs to know of an endpoint. Times are in milliseconds. */
export interface PlaceOptions {
  /** Its number among the endpoints. */
  readonly number: number;
  /** Its name in logs. */
  readonly name: string;
  readonly address: Address;
  readonly tls: TlsSide | undefined;
  /** How long the first attempt to connect may take. */
  readonly connectTimeout: number;
  readonly keepalive: { readonly interval: number; readonly timeout: number };
  /** How many long calls share a connection, if the server allows as many. */
  readonly streams: number;
}

/**
 * The flow control window of connections for short calls. With HTTP/2's own 64 KiB a large answer from 10 ms away takes a
 * second for every 6 MB. Unary answers are read as they come, so a larger window costs no memory; a stream that is
 * paused fills its own, so those of other connections stay as they are.
 */
export const SHORT_WINDOW: number = 1024 * 1024;

/** The longest message that is received, in bytes: that of etcd's own clients. */
export const MOST_MESSAGE: number = 2 ** 31 - 1;

/** How long it takes from an attempt to connect that failed to the next: at first, and at most. */
export const RECONNECT: { readonly first: number; readonly most: number } = { first: 100, most: 1_000 };

/** The longest that a timer of Node.js takes, in milliseconds: 24.8 days. */
export const MOST_TIMER: number = 2 ** 31 - 1;
