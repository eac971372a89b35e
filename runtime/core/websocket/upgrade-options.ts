import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Checked, Option, OptionTable } from "../options/option.js";
import { hasMethods, instance, milliseconds, text } from "../options/option-kinds.js";

/** How a server's WebSocket upgrades are handled. */
export interface UpgradeOptions {
  /**
   * The only path under which the gateway handles upgrades, such as `/etcd`. Set it if the server has other upgrade
   * handlers for paths that look like the gateway's routes. By default, the gateway handles all paths that may lead to
   * a route.
   */
  readonly path?: string;
  /**
   * The interval between pings of WebSockets; 0 for no pings. A client that has not responded when the next ping is due
   * is disconnected. See docs/http.md.
   *
   * @defaultValue 30000 milliseconds
   */
  readonly pingInterval?: number;
}

/** The table of these options. */
export const UPGRADE_OPTIONS: OptionTable<Checked<UpgradeOptions, "path">> = {
  path: text({
    text: "the only path under which the gateway handles upgrades, such as `/etcd`. Set it if the server has other upgrade handlers for paths that look like the gateway's routes. By default, the gateway handles all paths that may lead to a route",
    expected: 'a path such as "/etcd"',
    accepts: (given) => given.startsWith("/"),
  }),
  pingInterval: milliseconds({
    text: "the interval between pings of [WebSockets](http.md#websocket); 0 for no pings. A client that has not responded when the next ping is due is disconnected",
  }).or(30_000),
};

/** A server whose upgrades can be handled. An Express app cannot be used. */
export const SERVER: Option<HttpServer | HttpsServer> = instance<HttpServer | HttpsServer>(
  { text: "the server", type: "Server", expected: "a server of node:http or node:https, as app.listen returns it" },
  (given) => typeof given === "object" && hasMethods(given, "on", "address", "close", "closeIdleConnections"),
).required();
