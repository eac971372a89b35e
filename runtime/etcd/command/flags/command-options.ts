import {
  type Checked,
  CLOSE_GRACE,
  count,
  flag,
  group,
  type OptionTable,
  oneOf,
  UPGRADE_OPTIONS,
} from "@etcd-gateway/runtime/options";
import { ETCD_GATEWAY_OPTIONS, type EtcdGatewaySettings } from "../../options/etcd-gateway-settings.js";
import { LOG_LEVELS, type LogFormat, type LogLevel } from "../log/logger.js";

/** What of the stand-alone server is no option of its gateway. */
export interface ServerSettings {
  /** How many processes serve. */
  readonly workers: number;
  /** How the log is written; with neither this nor a level, there are plain lines about what goes wrong. */
  readonly log: LogFormat | undefined;
  /** From which level on the log is written. */
  readonly logLevel: LogLevel | undefined;
  /** Whether `/metrics` is served. */
  readonly metrics: boolean;
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
export const SERVER_OPTIONS: OptionTable<Checked<ServerSettings, "explorer" | "log" | "logLevel">> = {
  log: oneOf(
    "log each call, and streams at their start too, as `json` or as `text`, on standard error: see [the access log](observability.md#access-log). By default, only what goes wrong",
    "json",
    "text",
  ),
  logLevel: oneOf(
    "from which level on to log: `info` has all calls, `warn` those that failed with a status of 500 or above, `error` those of them that were not turned away for overload; `info` if there is `--log`",
    ...LOG_LEVELS,
  ),
  metrics: flag("serve `/metrics`").or(true),
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
