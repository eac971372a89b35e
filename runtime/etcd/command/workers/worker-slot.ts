import type { Worker } from "node:cluster";
import { setTimeout as delay } from "node:timers/promises";
import { isWorkerReport, type WorkerOrder, type WorkerReport } from "./worker-messages.js";

/** A worker that ran at least this long, in milliseconds, is replaced immediately. */
const STABLE_WORKER = 10_000;

/** The first and the longest delay before a replacement, in milliseconds, if workers exit one after the other. */
const PAUSE = { first: 1_000, most: 30_000 };

/** The reason why a worker could not serve. */
export class WorkerFailure extends Error {
  override readonly name = "WorkerFailure";
  /** The exit code of a command that fails for this reason. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** Options of a slot. */
export interface WorkerSlotOptions {
  /** Starts a worker. */
  readonly fork: () => Worker;
  /** Returns the first order to a new worker, which is to serve. */
  readonly first: () => WorkerOrder;
  /** Receives a line when a worker has exited. */
  readonly log: (line: string) => void;
  /** Waits for a time in milliseconds, or until the signal is aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Keeps one worker running. A worker that exits is replaced immediately. If workers exit soon after they start, the
 * delay grows.
 */
export class WorkerSlot {
  /** Resolves with the URL when the first worker serves. Rejects with a {@link WorkerFailure} if it never does. */
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

  /** Sends an order to the worker, if there is one. */
  order(order: WorkerOrder): void {
    if (this.#worker?.isConnected() === true) this.#worker.send(order);
  }

  /** Drains the worker without a replacement. Resolves when it has exited. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.order("stop");
    await this.#finished;
  }

  /** Kills the worker without a replacement. Resolves when it has exited. */
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
        // Orders are lost if they are sent before the worker is ready.
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
      failures = performance.now() - began < STABLE_WORKER ? failures + 1 : 0;
      await this.#pause(worker, ending, failures);
    }
  }

  /** Waits before a replacement, and logs the reason. */
  async #pause({ process: { pid } }: Worker, { message }: WorkerFailure, failures: number): Promise<void> {
    const pause = failures < 2 ? 0 : Math.min(PAUSE.first * 2 ** (failures - 2), PAUSE.most);
    const when = pause === 0 ? "" : ` in ${pause / 1000} s`;
    this.#options.log(`worker ${pid} exited: ${message}; starting a new worker${when}`);
    await this.#options.wait(pause, this.#stopping.signal);
  }
}

/** Resolves with the reason when a worker has exited. */
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
