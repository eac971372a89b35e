import type { Connection, Traffic } from "./connection.js";
import type { Address } from "./endpoint.js";
import type { TlsSide } from "./tls.js";

/** Makes the connections to one endpoint, for one kind of channel. */
export interface Connector {
  /** The endpoint's name in logs. */
  readonly name: string;
  /**
   * Creates a connection to the endpoint that does not share its HTTP/2 session.
   *
   * @param onReady called each time that the connection becomes ready
   */
  readonly open: (traffic: Traffic, onReady: () => void) => Connection;
}

/**
 * What a connector needs: the endpoint's address, TLS, and the limits that all endpoints share. It is the same for both
 * kinds of channel. Times are in milliseconds.
 */
export interface ConnectorOptions {
  /** Its index among the endpoints. */
  readonly number: number;
  /** Its name in logs. */
  readonly name: string;
  readonly address: Address;
  readonly tls: TlsSide | undefined;
  /** The time limit of the first attempt to connect. */
  readonly connectTimeout: number;
  readonly keepalive: { readonly interval: number; readonly timeout: number };
  /** How many long calls share a connection, if the server allows that many. */
  readonly streams: number;
}
