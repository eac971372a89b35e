import type { Registry } from "prom-client";
import type { MetricsText } from "../handlers/command-metrics.js";
import {
  isSnapshotRequest,
  isSumResponse,
  type SnapshotResponse,
  SUM_TIMEOUT,
  type SumResponse,
} from "./metrics-messages.js";

/**
 * Returns a function that gets the metrics of all workers, for `/metrics`. The first process adds them up, and asks
 * this worker for its own metrics, too.
 *
 * @param own the metrics of this worker
 * @returns a function that rejects with an `Error` if there is no response in time
 */
export function sharedMetrics(own: Registry): () => Promise<MetricsText> {
  const waiting = new Map<number, (response: SumResponse) => void>();
  let asked = 0;
  process.on("message", async (message: unknown) => {
    if (isSumResponse(message)) waiting.get(message.sumResponded)?.(message);
    else if (isSnapshotRequest(message)) process.send?.(await snapshot(own, message.snapshotRequested));
  });
  return async () => {
    asked += 1;
    const sumRequested = asked;
    const { metrics, fault } = await new Promise<SumResponse>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not all workers sent their metrics within ${SUM_TIMEOUT} ms`)),
        SUM_TIMEOUT,
      );
      waiting.set(sumRequested, (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      process.send?.({ sumRequested });
    }).finally(() => waiting.delete(sumRequested));
    if (metrics === undefined) throw new Error(fault);
    return metrics;
  };
}

async function snapshot(own: Registry, snapshotResponded: number): Promise<SnapshotResponse> {
  try {
    return { snapshotResponded, metrics: await own.getMetricsAsJSON() };
  } catch (error) {
    return { snapshotResponded, fault: String(error) };
  }
}
