import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Checked, Option, OptionTable } from "../options/option.js";
import { hasMethods, instance, milliseconds, text } from "../options/option-kinds.js";

/** How a server's upgrades to WebSocket are handled. */
export interface UpgradeOptions {
  /**
   * The only path under which upgrades are the gateway's to take, such as `/etcd`; it is needed if the server has other
   * handlers of upgrades and the gateway's routes look like theirs. By default whatever leads to a route is taken.
   */
  readonly path?: string;
  /**
   * How often sockets are pinged, in milliseconds; 0 for never. A client that has not answered when the next ping is due
   * is cut off.
   *
   * @defaultValue 30000
   */
  readonly pingInterval?: number;
}

/** How a server's upgrades to WebSocket are handled. */
export const UPGRADE_OPTIONS: OptionTable<Checked<UpgradeOptions, "path">> = {
  path: text({
    text: "the only path under which the gateway takes upgrades. By default wherever a route may be",
    expected: 'a path such as "/etcd"',
    accepts: (given) => given.startsWith("/"),
  }),
  pingInterval: milliseconds({
    text: "how often [WebSockets](http.md#websocket) are pinged; 0 for never",
  }).or(30_000),
};

/** A server whose upgrades can be handled. An Express app is none. */
export const SERVER: Option<HttpServer | HttpsServer> = instance<HttpServer | HttpsServer>(
  { text: "the server", type: "Server", expected: "a server of node:http or node:https, as app.listen returns it" },
  (given) => typeof given === "object" && hasMethods(given, "on", "address", "close", "closeIdleConnections"),
).required();
