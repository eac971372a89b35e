import {
  type Checked,
  CLOSE_GRACE,
  count,
  flag,
  group,
  type OptionTable,
  UPGRADE_OPTIONS,
} from "@etcd-gateway/runtime/options";
import { ETCD_GATEWAY_OPTIONS, type EtcdGatewaySettings } from "../options/etcd-gateway-settings.js";

/** What of the stand-alone server is no option of its gateway. */
export interface ServerSettings {
  /** How many processes serve. */
  readonly workers: number;
  /** How many connections clients may have. They come before all other limits, so they are more than those allow. */
  readonly maxConnections: number;
  /** How often WebSockets are pinged, in milliseconds. */
  readonly pingInterval: number;
  /** How long calls may finish on SIGTERM, in milliseconds. */
  readonly grace: number;
  /** Whether to serve the page; `undefined`: only if this machine alone is served. */
  readonly explorer: boolean | undefined;
}

/** What of the stand-alone server is no option of its gateway. */
export const SERVER_OPTIONS: OptionTable<Checked<ServerSettings, "explorer">> = {
  workers: count({
    text: "how many processes serve; each has the limits below for itself",
    from: 1,
    to: 1024,
  }).or(1),
  maxConnections: count({
    text: "how many connections clients may have open. Further ones are closed at once",
    from: 1,
  }).or(20_000),
  pingInterval: UPGRADE_OPTIONS.pingInterval,
  grace: CLOSE_GRACE,
  explorer: flag("serve the [page](explorer.md) to look at keys, calls and the cluster, at `/`"),
};

/** All that flags can set. */
export const COMMAND_OPTIONS: OptionTable<{ gateway: EtcdGatewaySettings; server: ServerSettings }> = {
  gateway: group("the gateway", ETCD_GATEWAY_OPTIONS),
  server: group("the server", SERVER_OPTIONS),
};
