import type { CallObserver } from "@etcd-gateway/runtime";
import { callMetrics } from "@etcd-gateway/runtime/metrics";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { VERSION } from "../../version.js";

/** Metrics in a format that Prometheus reads. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** The metrics of a process that serves. */
export interface CommandMetrics {
  /** All metrics: those of calls, of Node.js and of the process. */
  readonly registry: Registry;
  /** Counts the calls of a gateway. */
  readonly observer: CallObserver;
  /** Returns the response to `/metrics`. */
  text(): Promise<MetricsText>;
}

/** Starts to measure calls and the process with its event loop. */
export function commandMetrics(): CommandMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "etcd_gateway_build_info",
    help: "1, with the version as a label.",
    labelNames: ["version"],
    // With several workers, the value of the first one is used.
    aggregator: "first",
    registers: [registry],
  }).set({ version: VERSION }, 1);
  return {
    registry,
    observer: callMetrics(registry),
    text: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
