import type { Worker } from "node:cluster";
import type { AggregatorRegistry } from "prom-client";
import type { MetricsText } from "../handlers/command-metrics.js";
import {
  isSnapshotResponse,
  isSumRequest,
  type MetricsSnapshot,
  SNAPSHOT_TIMEOUT,
  type SnapshotRequest,
  type SnapshotResponse,
  type SumResponse,
} from "./metrics-messages.js";
import { isWorkerReport } from "./worker-messages.js";

/** The types of metrics that only grow. Their values remain when a worker exits. */
const GROWING: ReadonlySet<string> = new Set(["counter", "histogram"]);

/**
 * Adds up the metrics of all workers when one of them asks for the sum. prom-client can do this, too, but it also asks
 * workers that do not serve yet, and fails if one does not respond. It also forgets the counts of workers that have
 * exited, so counters would fall, which Prometheus interprets as a restart.
 *
 * This process keeps the last known metrics of each worker. It uses them if a worker does not respond in time or has
 * exited.
 */
export class WorkerMetrics {
  readonly #aggregator: Pick<typeof AggregatorRegistry, "aggregate">;
  readonly #patience: number;
  /** The workers that serve, with their last known metrics. */
  readonly #told = new Map<Worker, MetricsSnapshot>();
  /** The final counts of workers that have exited. */
  readonly #ended = new Set<MetricsSnapshot>();
  readonly #rounds = new Map<number, Round>();
  #asked = 0;

  /**
   * @param aggregator the class of prom-client. It is loaded by then: Node.js remembers if loading a module fails, as it
   *   does when there are no file descriptors left
   * @param patience how long a worker may take to respond, in milliseconds
   */
  constructor(aggregator: Pick<typeof AggregatorRegistry, "aggregate">, patience: number = SNAPSHOT_TIMEOUT) {
    this.#aggregator = aggregator;
    this.#patience = patience;
  }

  /** Includes a worker, from when it serves. */
  add(worker: Worker): void {
    worker.on("message", (message: unknown) => {
      if (isSnapshotResponse(message)) this.#onSnapshot(worker, message);
      // A worker that sends a request serves, even if its report arrives later.
      else if (isSumRequest(message)) this.#onRequest(worker, message.sumRequested);
      else if (isWorkerReport(message) && "serving" in message) this.#serves(worker);
    });
    worker.on("exit", () => this.#onExit(worker));
  }

  #serves(worker: Worker): void {
    if (!worker.isDead() && !this.#told.has(worker)) this.#told.set(worker, []);
  }

  async #onRequest(worker: Worker, sumResponded: number): Promise<void> {
    this.#serves(worker);
    const response = await this.#sum().then(
      (metrics): SumResponse => ({ sumResponded, metrics }),
      (error: unknown): SumResponse => ({ sumResponded, fault: String(error) }),
    );
    if (worker.isConnected()) worker.send(response);
  }

  #onSnapshot(worker: Worker, { snapshotResponded, metrics, fault }: SnapshotResponse): void {
    if (metrics !== undefined && this.#told.has(worker)) this.#told.set(worker, metrics);
    this.#rounds.get(snapshotResponded)?.responded(worker, fault);
  }

  #onExit(worker: Worker): void {
    const told = this.#told.get(worker) ?? [];
    this.#told.delete(worker);
    this.#ended.add(told.filter(({ type }) => GROWING.has(String(type))));
    for (const round of this.#rounds.values()) round.responded(worker);
  }

  async #sum(): Promise<MetricsText> {
    await this.#askAll();
    const ended = [...this.#ended];
    const sum = this.#aggregator.aggregate([...this.#told.values(), ...ended]);
    if (ended.length > 1) {
      const together = await this.#aggregator.aggregate(ended).getMetricsAsJSON();
      // Keeps the result unless another request has combined them meanwhile.
      if (ended.every((one) => this.#ended.has(one))) {
        for (const one of ended) this.#ended.delete(one);
        this.#ended.add(together);
      }
    }
    return { contentType: sum.contentType, text: await sum.metrics() };
  }

  /** Resolves when each worker that serves has sent its metrics, has exited, or has exceeded its time. */
  async #askAll(): Promise<void> {
    this.#asked += 1;
    const question: SnapshotRequest = { snapshotRequested: this.#asked };
    const workers = [...this.#told.keys()].filter((worker) => worker.isConnected());
    const round = new Round(workers, this.#patience);
    this.#rounds.set(question.snapshotRequested, round);
    for (const worker of workers) worker.send(question);
    await round.over.finally(() => this.#rounds.delete(question.snapshotRequested));
  }
}

/** One request to all workers. */
class Round {
  /** Resolves when all workers have responded or the time is up. Rejects if a worker reports an error. */
  readonly over: Promise<void>;
  readonly #waiting: Set<Worker>;
  #end: (fault?: string) => void = () => {};

  constructor(workers: readonly Worker[], patience: number) {
    this.#waiting = new Set(workers);
    this.over = new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, patience);
      this.#end = (fault) => {
        clearTimeout(timer);
        if (fault === undefined) resolve();
        else reject(new Error(fault));
      };
    });
  }

  responded(worker: Worker, fault?: string): void {
    this.#waiting.delete(worker);
    if (fault !== undefined || this.#waiting.size === 0) this.#end(fault);
  }
}
