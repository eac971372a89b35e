/**
 * Metrics of calls, for Prometheus: `etcd-gateway/metrics`.
 *
 * @module
 */
export { type CallMetricsOptions, callMetrics } from "@etcd-gateway/runtime/metrics";
