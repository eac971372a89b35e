/**
 * Traces of calls, by OpenTelemetry: `etcd-gateway/tracing`.
 *
 * @module
 */
export { type CallTracingOptions, callTracing } from "@etcd-gateway/runtime/tracing";
