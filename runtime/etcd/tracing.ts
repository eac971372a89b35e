/**
 * OpenTelemetry traces of calls: `etcd-gateway/tracing`.
 *
 * @module
 */
export { type CallTracingOptions, callTracing } from "@etcd-gateway/runtime/tracing";
