import type { Registry } from "prom-client";
import type { MetricsText } from "../handlers/command-metrics.js";
import { isSnapshotQuestion, isSumAnswer, type SnapshotAnswer, type SumAnswer } from "./metrics-messages.js";

/**
 * How long a worker waits for the metrics of all workers, in milliseconds. This must be longer than the time that the
 * first process waits for them.
 */
const PATIENCE = 5_000;

/**
 * Returns a function that gets the metrics of all workers, for `/metrics`. The first process adds them up, and asks
 * this worker for its own metrics, too.
 *
 * @param own the metrics of this worker
 * @returns a function that rejects with an `Error` if there is no response in time
 */
export function sharedMetrics(own: Registry): () => Promise<MetricsText> {
  const waiting = new Map<number, (answer: SumAnswer) => void>();
  let asked = 0;
  process.on("message", async (message: unknown) => {
    if (isSumAnswer(message)) waiting.get(message.sumAnswered)?.(message);
    else if (isSnapshotQuestion(message)) process.send?.(await snapshot(own, message.snapshotAsked));
  });
  return async () => {
    asked += 1;
    const sumAsked = asked;
    const { metrics, fault } = await new Promise<SumAnswer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no metrics of all workers within ${PATIENCE} ms`)), PATIENCE);
      waiting.set(sumAsked, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      process.send?.({ sumAsked });
    }).finally(() => waiting.delete(sumAsked));
    if (metrics === undefined) throw new Error(fault);
    return metrics;
  };
}

async function snapshot(own: Registry, snapshotAnswered: number): Promise<SnapshotAnswer> {
  try {
    return { snapshotAnswered, metrics: await own.getMetricsAsJSON() };
  } catch (error) {
    return { snapshotAnswered, fault: String(error) };
  }
}
