import { CLIENT_OPTIONS } from "../../../runtime/core/call/client-options.js";
import { GATEWAY_OPTIONS } from "../../../runtime/core/gateway/gateway-settings.js";
import { BROWSER_GUARD_OPTIONS } from "../../../runtime/core/http/guard/browser-guard-options.js";
import { CALL_METRICS_OPTIONS } from "../../../runtime/core/observe/call-metrics.js";
import { CALL_TRACING_OPTIONS } from "../../../runtime/core/observe/call-tracing.js";
import { HTTP_SERVER_OPTIONS } from "../../../runtime/core/server/http-server.js";
import { GRPC_TRANSPORT_OPTIONS } from "../../../runtime/core/transport/transport-options.js";
import { UPGRADE_OPTIONS } from "../../../runtime/core/websocket/upgrade-options.js";
import { API_DESCRIPTIONS_OPTIONS } from "../../../runtime/etcd/descriptions.js";
import { ETCD_GATEWAY_OPTIONS } from "../../../runtime/etcd/options/etcd-gateway-settings.js";
import { ETCD_PROBES_OPTIONS } from "../../../runtime/etcd/probes/etcd-probes.js";

/** The options of a function. */
export interface OptionInterface {
  /** The name of the function. */
  readonly of: string;
  /** The file and the name of their interface. Those of groups follow from the interface's members. */
  readonly file: string;
  readonly name: string;
  /** The table that checks them, with their texts and defaults. */
  readonly table: object;
}

/** The options of all functions, in the order of docs/options.md. */
export const OPTION_INTERFACES: readonly OptionInterface[] = [
  {
    of: "etcdGateway",
    file: "runtime/etcd/options/etcd-gateway-options.ts",
    name: "EtcdGatewayOptions",
    table: ETCD_GATEWAY_OPTIONS,
  },
  {
    of: "createGateway",
    file: "runtime/core/gateway/gateway-options.ts",
    name: "GatewayOptions",
    table: GATEWAY_OPTIONS,
  },
  {
    of: "grpcTransport",
    file: "runtime/core/transport/transport-options.ts",
    name: "GrpcTransportOptions",
    table: GRPC_TRANSPORT_OPTIONS,
  },
  { of: "createClient", file: "runtime/core/call/client-options.ts", name: "ClientOptions", table: CLIENT_OPTIONS },
  {
    of: "handleUpgrades",
    file: "runtime/core/websocket/upgrade-options.ts",
    name: "UpgradeOptions",
    table: UPGRADE_OPTIONS,
  },
  {
    of: "browserGuard",
    file: "runtime/core/http/guard/browser-guard-options.ts",
    name: "BrowserGuardOptions",
    table: BROWSER_GUARD_OPTIONS,
  },
  {
    of: "createHttpServer",
    file: "runtime/core/server/http-server.ts",
    name: "HttpServerOptions",
    table: HTTP_SERVER_OPTIONS,
  },
  {
    of: "etcdProbes",
    file: "runtime/etcd/probes/etcd-probes.ts",
    name: "EtcdProbesOptions",
    table: ETCD_PROBES_OPTIONS,
  },
  {
    of: "apiDescriptions",
    file: "runtime/etcd/descriptions.ts",
    name: "ApiDescriptionsOptions",
    table: API_DESCRIPTIONS_OPTIONS,
  },
  {
    of: "callMetrics",
    file: "runtime/core/observe/call-metrics.ts",
    name: "CallMetricsOptions",
    table: CALL_METRICS_OPTIONS,
  },
  {
    of: "callTracing",
    file: "runtime/core/observe/call-tracing.ts",
    name: "CallTracingOptions",
    table: CALL_TRACING_OPTIONS,
  },
];
