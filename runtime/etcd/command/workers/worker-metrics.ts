import type { Worker } from "node:cluster";
import type { MetricsText } from "../handlers/command-metrics.js";
import {
  isSnapshotAnswer,
  isSumQuestion,
  type MetricsSnapshot,
  type SnapshotAnswer,
  type SnapshotQuestion,
  type SumAnswer,
} from "./metrics-messages.js";
import { isWorkerReport } from "./worker-messages.js";

/** How long a worker may take to tell its metrics, in milliseconds. */
const PATIENCE = 2_000;

/** The types of metrics that only grow: what a worker has counted stays counted when it ends. */
const GROWING: ReadonlySet<string> = new Set(["counter", "histogram"]);

/**
 * Adds up the metrics of all workers when one of them asks for the sum. prom-client can do this, too, but it asks workers that
 * do not serve yet, fails if one does not answer, and forgets what ended workers have counted: counters would fall, which
 * Prometheus takes for a restart.
 *
 * This process knows the metrics of a worker as of the last time it asked. They stand in for a worker that does not answer in
 * time, and for one that has ended.
 */
export class WorkerMetrics {
  readonly #patience: number;
  /** The workers that serve, and what each told last. */
  readonly #told = new Map<Worker, MetricsSnapshot>();
  /** What ended workers had counted. */
  readonly #ended = new Set<MetricsSnapshot>();
  readonly #rounds = new Map<number, Round>();
  #asked = 0;

  /** @param patience how long a worker may take to answer, in milliseconds */
  constructor(patience: number = PATIENCE) {
    this.#patience = patience;
  }

  /** Has a worker count, from when it serves on. */
  add(worker: Worker): void {
    worker.on("message", (message: unknown) => {
      if (isSnapshotAnswer(message)) this.#onSnapshot(worker, message);
      // A worker that asks serves, even if its report comes later.
      else if (isSumQuestion(message)) this.#onQuestion(worker, message.sumAsked);
      else if (isWorkerReport(message) && "serving" in message) this.#serves(worker);
    });
    worker.on("exit", () => this.#onExit(worker));
  }

  #serves(worker: Worker): void {
    if (!worker.isDead() && !this.#told.has(worker)) this.#told.set(worker, []);
  }

  async #onQuestion(worker: Worker, sumAnswered: number): Promise<void> {
    this.#serves(worker);
    const answer = await this.#sum().then(
      (metrics): SumAnswer => ({ sumAnswered, metrics }),
      (error: unknown): SumAnswer => ({ sumAnswered, fault: String(error) }),
    );
    if (worker.isConnected()) worker.send(answer);
  }

  #onSnapshot(worker: Worker, { snapshotAnswered, metrics, fault }: SnapshotAnswer): void {
    if (metrics !== undefined && this.#told.has(worker)) this.#told.set(worker, metrics);
    this.#rounds.get(snapshotAnswered)?.answered(worker, fault);
  }

  #onExit(worker: Worker): void {
    const told = this.#told.get(worker) ?? [];
    this.#told.delete(worker);
    this.#ended.add(told.filter(({ type }) => GROWING.has(String(type))));
    for (const round of this.#rounds.values()) round.answered(worker);
  }

  async #sum(): Promise<MetricsText> {
    const { AggregatorRegistry } = (await import("prom-client")).default;
    await this.#askAll();
    const sum = AggregatorRegistry.aggregate([...this.#told.values(), ...this.#ended]);
    const ended = [...this.#ended];
    const together = await AggregatorRegistry.aggregate(ended).getMetricsAsJSON();
    // Unless another question has put them together meanwhile.
    if (ended.every((one) => this.#ended.has(one))) {
      for (const one of ended) this.#ended.delete(one);
      this.#ended.add(together);
    }
    return { contentType: sum.contentType, text: await sum.metrics() };
  }

  /** Resolves when each worker that serves has told its metrics, has ended, or has had its time. */
  async #askAll(): Promise<void> {
    this.#asked += 1;
    const question: SnapshotQuestion = { snapshotAsked: this.#asked };
    const workers = [...this.#told.keys()].filter((worker) => worker.isConnected());
    const round = new Round(workers, this.#patience);
    this.#rounds.set(question.snapshotAsked, round);
    for (const worker of workers) worker.send(question);
    await round.over.finally(() => this.#rounds.delete(question.snapshotAsked));
  }
}

/** One question to all workers. */
class Round {
  /** Resolves when all have answered or the time is up; rejects if one cannot answer. */
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

  answered(worker: Worker, fault?: string): void {
    this.#waiting.delete(worker);
    if (fault !== undefined || this.#waiting.size === 0) this.#end(fault);
  }
}
