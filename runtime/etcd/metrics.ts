/**
 * Prometheus metrics of calls: `etcd-gateway/metrics`.
 *
 * @module
 */
export { type CallMetricsOptions, callMetrics } from "@etcd-gateway/runtime/metrics";
