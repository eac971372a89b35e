import { type ReadonlySignal, signal } from "@preact/signals";

/** A message that has come. */
export interface Answer {
  readonly number: number;
  /** How long after the request, in milliseconds. */
  readonly after: number;
  readonly text: string;
}

/** How a call goes. */
export interface Progress {
  readonly state: "running" | "done" | "stopped" | "failed";
  /** The last answers. */
  readonly answers: readonly Answer[];
  /** How many there have been. */
  readonly count: number;
  /** How long it has taken, in milliseconds. */
  readonly took: number;
  readonly error: unknown;
}

/** How many answers of a stream are kept. */
const KEPT = 200;

/** A call that has been sent. */
export class RunningCall {
  readonly #stop = new AbortController();
  readonly #begun = performance.now();
  readonly #progress = signal<Progress>({ state: "running", answers: [], count: 0, took: 0, error: undefined });

  /** @param run makes the call */
  constructor(run: (signal: AbortSignal) => AsyncIterable<string>) {
    void this.#run(run);
  }

  get progress(): ReadonlySignal<Progress> {
    return this.#progress;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(run: (signal: AbortSignal) => AsyncIterable<string>): Promise<void> {
    const { signal } = this.#stop;
    try {
      for await (const text of run(signal)) this.#take(text);
      this.#end(signal.aborted ? "stopped" : "done", undefined);
    } catch (error) {
      this.#end(signal.aborted ? "stopped" : "failed", signal.aborted ? undefined : error);
    }
  }

  #take(text: string): void {
    const { answers, count } = this.#progress.peek();
    const after = performance.now() - this.#begun;
    const answer = { number: count + 1, after, text };
    this.#progress.value = {
      state: "running",
      answers: [...answers.slice(1 - KEPT), answer],
      count: count + 1,
      took: after,
      error: undefined,
    };
  }

  #end(state: Progress["state"], error: unknown): void {
    this.#progress.value = { ...this.#progress.peek(), state, error, took: performance.now() - this.#begun };
  }
}
