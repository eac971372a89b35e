import { isIPv4, isIPv6 } from "node:net";
import type { ChannelOptions } from "@grpc/grpc-js";
import { LONGEST_DELAY } from "../../timers/longest-delay.js";
import type { Traffic } from "../endpoints/connection.js";
import { MOST_MESSAGE, RECONNECT, SHORT_WINDOW } from "../endpoints/connection-settings.js";
import type { Connector, ConnectorOptions } from "../endpoints/connector.js";
import type { Address } from "../endpoints/endpoint.js";
import { GrpcJsConnection } from "./grpc-js-connection.js";
import { library } from "./library.js";
import { maxConcurrentStreams } from "./server-settings.js";
import { tlsCredentials } from "./tls-credentials.js";

/** Creates the connector of the grpc-js channel. Begins to load grpc-js. */
export function grpcJsConnector(options: ConnectorOptions): Connector {
  const { number, address, tls, keepalive, streams } = options;
  // The error is reported to each connection, which awaits the library itself.
  library().catch(() => {});
  const target = targetOf(address);
  const shared: ChannelOptions = {
    // The call itself decides about further attempts, so no message needs to be kept here.
    "grpc.enable_retries": 0,
    "grpc.per_rpc_retry_buffer_size": -1,
    "grpc.service_config_disable_resolution": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_receive_message_length": MOST_MESSAGE,
    "grpc.max_send_message_length": -1,
    "grpc.keepalive_time_ms": keepalive.interval,
    "grpc.keepalive_timeout_ms": keepalive.timeout,
    "grpc.keepalive_permit_without_calls": 0,
    "grpc.initial_reconnect_backoff_ms": RECONNECT.first,
    "grpc.max_reconnect_backoff_ms": RECONNECT.most,
    "grpc.dns_min_time_between_resolutions_ms": 1_000,
    "grpc.client_idle_timeout_ms": LONGEST_DELAY,
    ...(tls?.servername === undefined ? {} : { "grpc.ssl_target_name_override": tls.servername }),
  };
  const channelOptions: Readonly<Record<Traffic, ChannelOptions>> = {
    short: { ...shared, "grpc-node.flow_control_window": SHORT_WINDOW },
    long: shared,
  };
  return {
    name: options.name,
    open: (traffic, onReady) =>
      new GrpcJsConnection({
        endpoint: number,
        open: (grpcJs) =>
          new grpcJs.Channel(
            target,
            tls === undefined ? grpcJs.credentials.createInsecure() : tlsCredentials(grpcJs, address, tls),
            channelOptions[traffic],
          ),
        patience: options.connectTimeout,
        capacity: async () => {
          // Short calls beyond the server's limit wait in a queue, but not for long.
          if (traffic === "short") return Number.POSITIVE_INFINITY;
          return Math.max(Math.min(streams, await maxConcurrentStreams(address, tls)), 1);
        },
        onReady,
      }),
  };
}

/** Returns an address in the form of grpc-js. */
function targetOf(address: Address): string {
  if ("path" in address) return `unix:${address.path}`;
  const { host, port } = address;
  if (isIPv6(host)) return `ipv6:[${host}]:${port}`;
  return `${isIPv4(host) ? "ipv4" : "dns"}:${host}:${port}`;
}
