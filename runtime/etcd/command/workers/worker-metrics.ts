import type { Worker } from "node:cluster";
import type { Registry } from "prom-client";
import type { MetricsText } from "../handlers/command-metrics.js";

/** What a worker asks the process that started it: the metrics of all workers, under a number of its own. */
interface MetricsQuestion {
  readonly metricsAsked: number;
}

/** The answer, or why there is none. */
interface MetricsAnswer {
  readonly metricsAnswered: number;
  readonly metrics?: MetricsText;
  readonly fault?: string;
}

/** How long a worker waits for an answer, in milliseconds: longer than prom-client waits for all workers. */
const PATIENCE = 6_000;

/**
 * Answers the workers that ask for the metrics of all: prom-client asks each of them, and adds them up.
 *
 * @see https://github.com/siimon/prom-client#usage-with-nodejss-cluster-module
 */
export function answerMetrics(worker: Worker): void {
  worker.on("message", async (message: unknown) => {
    if (!isQuestion(message)) return;
    const { metricsAsked: metricsAnswered } = message;
    const answer = await metricsOfAll().then(
      (metrics): MetricsAnswer => ({ metricsAnswered, metrics }),
      (error: unknown): MetricsAnswer => ({ metricsAnswered, fault: String(error) }),
    );
    if (worker.isConnected()) worker.send(answer);
  });
}

let registry: Promise<{ clusterMetrics(): Promise<string>; readonly contentType: string }> | undefined;

/** One registry for the process: each listens for the answers of workers. */
async function metricsOfAll(): Promise<MetricsText> {
  registry ??= import("prom-client").then(({ default: { AggregatorRegistry } }) => new AggregatorRegistry());
  const aggregator = await registry;
  return { contentType: aggregator.contentType, text: await aggregator.clusterMetrics() };
}

let asked = 0;

/**
 * The metrics of a worker as `/metrics` answers them: those of all workers.
 *
 * @throws Error if the process that started it does not answer in time
 */
export async function sharedMetrics(own: Registry): Promise<() => Promise<MetricsText>> {
  const { AggregatorRegistry } = (await import("prom-client")).default;
  AggregatorRegistry.setRegistries([own]);
  // To make one is what has prom-client answer when it is asked.
  new AggregatorRegistry();
  return () =>
    new Promise((resolve, reject) => {
      asked += 1;
      const question: MetricsQuestion = { metricsAsked: asked };
      const end = (): void => {
        clearTimeout(timer);
        process.off("message", receive);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`no metrics of all workers within ${PATIENCE} ms`));
      }, PATIENCE).unref();
      const receive = (message: unknown): void => {
        if (!isAnswer(message) || message.metricsAnswered !== question.metricsAsked) return;
        end();
        if (message.metrics === undefined) reject(new Error(message.fault));
        else resolve(message.metrics);
      };
      process.on("message", receive);
      process.send?.(question);
    });
}

function isQuestion(message: unknown): message is MetricsQuestion {
  return typeof message === "object" && message !== null && "metricsAsked" in message;
}

function isAnswer(message: unknown): message is MetricsAnswer {
  return typeof message === "object" && message !== null && "metricsAnswered" in message;
}
