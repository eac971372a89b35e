import type { Registry } from "prom-client";
import type { MetricsText } from "../handlers/command-metrics.js";

/** The metrics of one process, in the format that prom-client aggregates. */
export type MetricsSnapshot = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** A worker's request for the metrics of all workers, with an id of the worker. */
export interface SumQuestion {
  readonly sumAsked: number;
}

/** The response to a {@link SumQuestion}, or the reason why there is none. */
export interface SumAnswer {
  readonly sumAnswered: number;
  readonly metrics?: MetricsText;
  readonly fault?: string;
}

/** The request to each worker for its own metrics, with an id of the first process. */
export interface SnapshotQuestion {
  readonly snapshotAsked: number;
}

/** The response to a {@link SnapshotQuestion}, or the reason why there is none. */
export interface SnapshotAnswer {
  readonly snapshotAnswered: number;
  readonly metrics?: MetricsSnapshot;
  readonly fault?: string;
}

export function isSumQuestion(message: unknown): message is SumQuestion {
  return has(message, "sumAsked");
}

export function isSumAnswer(message: unknown): message is SumAnswer {
  return has(message, "sumAnswered");
}

export function isSnapshotQuestion(message: unknown): message is SnapshotQuestion {
  return has(message, "snapshotAsked");
}

export function isSnapshotAnswer(message: unknown): message is SnapshotAnswer {
  return has(message, "snapshotAnswered");
}

function has(message: unknown, name: string): boolean {
  return typeof message === "object" && message !== null && name in message;
}
