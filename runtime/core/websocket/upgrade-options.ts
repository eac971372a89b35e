/** How a server's upgrades to WebSocket are handled. */
export interface UpgradeOptions {
  /**
   * The only path under which upgrades are the gateway's to take, such as `/etcd`; it is needed if the server has other
   * handlers of upgrades and the gateway's routes look like theirs. By default whatever leads to a route is taken.
   */
  readonly path?: string;
  /**
   * How often sockets are pinged, in milliseconds: 30,000 by default, 0 for never. A client that has not answered when
   * the next ping is due is cut off.
   */
  readonly pingInterval?: number;
}
