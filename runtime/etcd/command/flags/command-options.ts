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

/** The options of the stand-alone server that are not options of its gateway. */
export interface ServerSettings {
  /**
   * How many processes serve. The limits below apply to each process separately.
   *
   * @defaultValue 1
   */
  readonly workers: number;
  /**
   * Log every call on standard error, as `json` or as `text`, and the start of every stream. By default, the command
   * logs only errors of 500 and above. See docs/observability.md.
   */
  readonly log: LogFormat | undefined;
  /**
   * The lowest level to log. `info`: all calls. `warn`: calls that fail with a status of 500 or above. `error`: the
   * same, without calls that the gateway rejects because of overload or shutdown. With `--log`, the default is `info`.
   */
  readonly logLevel: LogLevel | undefined;
  /**
   * Serve `/metrics`.
   *
   * @defaultValue true
   */
  readonly metrics: boolean;
  /**
   * How many connections clients may have open. The command closes any further connection at once.
   *
   * @defaultValue 20000
   */
  readonly maxConnections: number;
  /**
   * The interval between pings of WebSockets; 0 for no pings. A client that has not responded when the next ping is due
   * is disconnected. See docs/http.md.
   *
   * @defaultValue 30000 milliseconds
   */
  readonly pingInterval: number;
  /**
   * How long unary calls in progress may take to finish when the gateway closes.
   *
   * @defaultValue 10000 milliseconds
   */
  readonly grace: number;
  /**
   * Serve the explorer at `/`, a page that shows keys, calls and the cluster. By default, the command serves it only on
   * a loopback address. See docs/explorer.md.
   */
  readonly explorer: boolean | undefined;
}

/** The largest number of processes that serve. */
export const MOST_WORKERS = 1024;

/** The time limit of the response to a probe, in milliseconds. */
export const PROBE_TIMEOUT = 5_000;

/** The table of the options of the stand-alone server. */
export const SERVER_OPTIONS: OptionTable<Checked<ServerSettings, "explorer" | "log" | "logLevel">> = {
  log: oneOf(
    "log every call on standard error, as `json` or as `text`, and the start of every stream: see [the access log](observability.md#access-log). By default, the command logs only errors of 500 and above",
    "json",
    "text",
  ),
  logLevel: oneOf(
    "the lowest level to log. `info`: all calls. `warn`: calls that fail with a status of 500 or above. `error`: the same, without calls that the gateway rejects because of overload or shutdown. With `--log`, the default is `info`",
    ...LOG_LEVELS,
  ),
  metrics: flag("serve `/metrics`").or(true),
  workers: count({
    text: "how many processes serve. The limits below apply to each process separately",
    from: 1,
    to: MOST_WORKERS,
  }).or(1),
  maxConnections: count({
    text: "how many connections clients may have open. The command closes any further connection at once",
    from: 1,
  }).or(20_000),
  pingInterval: UPGRADE_OPTIONS.pingInterval,
  grace: CLOSE_GRACE,
  explorer: flag(
    "serve the [explorer](explorer.md) at `/`, a page that shows keys, calls and the cluster. By default, the command serves it only on a loopback address",
  ),
};

/** The table of all options that flags can set. */
export const COMMAND_OPTIONS: OptionTable<{ gateway: EtcdGatewaySettings; server: ServerSettings }> = {
  gateway: group("the gateway", ETCD_GATEWAY_OPTIONS),
  server: group("the server", SERVER_OPTIONS),
};
