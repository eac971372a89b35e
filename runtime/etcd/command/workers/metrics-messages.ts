import type { Registry } from "prom-client";
import type { MetricsText } from "../handlers/command-metrics.js";

/** The metrics of one process, as prom-client adds them up. */
export type MetricsSnapshot = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** What a worker asks: the metrics of all workers, under a number of its own. */
export interface SumQuestion {
  readonly sumAsked: number;
}

/** The answer to a {@link SumQuestion}, or why there is none. */
export interface SumAnswer {
  readonly sumAnswered: number;
  readonly metrics?: MetricsText;
  readonly fault?: string;
}

/** What each worker is asked then: its own metrics, under a number of the process that started it. */
export interface SnapshotQuestion {
  readonly snapshotAsked: number;
}

/** The answer to a {@link SnapshotQuestion}, or why there is none. */
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
