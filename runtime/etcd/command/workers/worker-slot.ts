import type { Worker } from "node:cluster";
import { setTimeout as delay } from "node:timers/promises";
import { isWorkerReport, type WorkerOrder, type WorkerReport } from "./worker-messages.js";

/** A worker that lasted this long was a good one, in milliseconds: the next is started at once. */
const STABLE_AFTER = 10_000;

/** The first and the longest pause before another worker is started, when they end one after the other. */
const PAUSE = { first: 1_000, most: 30_000 };

/** Why a worker could not serve from the beginning. */
export class WorkerFailure extends Error {
  override readonly name = "WorkerFailure";
  /** The exit code of a command that fails so. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** What a slot needs. */
export interface WorkerSlotOptions {
  /** Starts a worker. */
  readonly fork: () => Worker;
  /** What a worker is told that begins: to serve. */
  readonly first: () => WorkerOrder;
  /** Told when a worker has ended. */
  readonly log: (line: string) => void;
  /** Waits for a time in milliseconds, or until it is aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The place of a worker. One that ends is replaced: at once, and more and more slowly if they end as soon as they begin. */
export class WorkerSlot {
  /** Resolves with the URL when the first worker serves; rejects with a {@link WorkerFailure} if that never does. */
  readonly serving: Promise<string>;
  readonly #options: Required<WorkerSlotOptions>;
  readonly #stopping = new AbortController();
  readonly #finished: Promise<void>;
  #worker: Worker | undefined;

  constructor(options: WorkerSlotOptions) {
    this.#options = { wait: waitOrAbort, ...options };
    const { promise, resolve, reject } = deferred<string>();
    this.serving = promise;
    this.#finished = this.#keepOne(resolve, reject);
  }

  /** Tells the worker something, if there is one. */
  order(order: WorkerOrder): void {
    if (this.#worker?.isConnected() === true) this.#worker.send(order);
  }

  /** Lets the worker drain, and starts no other. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.order("stop");
    await this.#finished;
  }

  /** Ends the worker at once, and starts no other. */
  async kill(): Promise<void> {
    this.#stopping.abort();
    this.#worker?.process.kill("SIGKILL");
    await this.#finished;
  }

  async #keepOne(onServing: (url: string) => void, onFailure: (failure: WorkerFailure) => void): Promise<void> {
    let hasServed = false;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const began = performance.now();
      const worker = this.#options.fork();
      this.#worker = worker;
      const ending = await endingOf(worker, (report) => {
        // What a worker is told before it hears orders is lost.
        if ("ready" in report) this.order(this.#stopping.signal.aborted ? "stop" : this.#options.first());
        if (!("serving" in report)) return;
        hasServed = true;
        onServing(report.serving);
      });
      this.#worker = undefined;
      if (!hasServed) {
        onFailure(ending);
        return;
      }
      if (this.#stopping.signal.aborted) return;
      failures = performance.now() - began < STABLE_AFTER ? failures + 1 : 0;
      await this.#pause(worker, ending, failures);
    }
  }

  /** Waits before another worker is started, and says so. */
  async #pause({ process: { pid } }: Worker, { message }: WorkerFailure, failures: number): Promise<void> {
    const pause = failures < 2 ? 0 : Math.min(PAUSE.first * 2 ** (failures - 2), PAUSE.most);
    const when = pause === 0 ? "" : ` in ${pause / 1000} s`;
    this.#options.log(`worker ${pid} ended: ${message}; starting another${when}`);
    await this.#options.wait(pause, this.#stopping.signal);
  }
}

/** Resolves when a worker has ended, with why. */
function endingOf(worker: Worker, onReport: (report: WorkerReport) => void): Promise<WorkerFailure> {
  const { promise, resolve } = deferred<WorkerFailure>();
  let told: WorkerFailure | undefined;
  worker.on("message", (message: unknown) => {
    if (!isWorkerReport(message)) return;
    if ("failed" in message) told = new WorkerFailure(message.failed, message.code);
    else onReport(message);
  });
  worker.on("error", (error) => resolve(new WorkerFailure(error.message, 1)));
  worker.on("exit", (code: number | null, signal: string | null) => {
    resolve(told ?? new WorkerFailure(signal ?? `exit code ${code}`, 1));
  });
  return promise;
}

async function waitOrAbort(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
}

function deferred<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (reason: Error) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
