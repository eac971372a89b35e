import type { Registry } from "prom-client";
import type { MetricsText } from "../handlers/command-metrics.js";
import { hasMember } from "./has-member.js";

/** How long a worker may take to send its metrics to the first process, in milliseconds. */
export const SNAPSHOT_TIMEOUT = 2_000;

/** How long a worker waits for the metrics of all workers, in milliseconds. The first process waits for them, too. */
export const SUM_TIMEOUT: number = SNAPSHOT_TIMEOUT + 3_000;

/** The metrics of one process, in the format that prom-client aggregates. */
export type MetricsSnapshot = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

/** A worker's request for the metrics of all workers, with an id of the worker. */
export interface SumRequest {
  readonly sumRequested: number;
}

/** The response to a {@link SumRequest}, or the reason why there is none. */
export interface SumResponse {
  readonly sumResponded: number;
  readonly metrics?: MetricsText;
  readonly fault?: string;
}

/**
 * The request of the first process to a worker for the worker's own metrics. The first process sends it to all workers,
 * and adds up the responses. The number is chosen by the first process, and the response repeats it.
 */
export interface SnapshotRequest {
  readonly snapshotRequested: number;
}

/** The response to a {@link SnapshotRequest}, or the reason why there is none. */
export interface SnapshotResponse {
  readonly snapshotResponded: number;
  readonly metrics?: MetricsSnapshot;
  readonly fault?: string;
}

/** Whether a message is a {@link SumRequest}. */
export function isSumRequest(message: unknown): message is SumRequest {
  return hasMember(message, "sumRequested");
}

/** Whether a message is a {@link SumResponse}. */
export function isSumResponse(message: unknown): message is SumResponse {
  return hasMember(message, "sumResponded");
}

/** Whether a message is a {@link SnapshotRequest}. */
export function isSnapshotRequest(message: unknown): message is SnapshotRequest {
  return hasMember(message, "snapshotRequested");
}

/** Whether a message is a {@link SnapshotResponse}. */
export function isSnapshotResponse(message: unknown): message is SnapshotResponse {
  return hasMember(message, "snapshotResponded");
}
