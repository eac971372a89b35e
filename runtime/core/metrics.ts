/**
 * Metrics of calls, for Prometheus. It needs the package `prom-client`.
 *
 * @module
 */
export { type CallMetricsOptions, callMetrics } from "./observe/call-metrics.js";
