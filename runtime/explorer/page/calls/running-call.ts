import { type ReadonlySignal, signal } from "@preact/signals-core";

/** A message of a call. */
export interface Message {
  readonly kind: "sent" | "received";
  /** Its number among the messages of its kind, from 1. */
  readonly number: number;
  /** The time since the call began, in milliseconds. */
  readonly after: number;
  readonly text: string;
}

/** The progress of a call. */
export interface CallProgress {
  readonly state: "running" | "done" | "stopped" | "failed";
  /** The last messages. */
  readonly messages: readonly Message[];
  /** How many messages were sent and received. The body of an HTTP request is not counted. */
  readonly count: Readonly<Record<Message["kind"], number>>;
  /** Whether the stream of requests has ended, so that no more messages can be sent. */
  readonly isHalfClosed: boolean;
  /** The duration so far, in milliseconds. */
  readonly took: number;
  readonly error: unknown;
}

/** The maximum number of messages that are kept. */
const KEPT = 200;

/** A call that was started. */
export class RunningCall {
  readonly #stop: AbortController;
  readonly #begun = performance.now();
  readonly #progress = signal<CallProgress>({
    state: "running",
    messages: [],
    count: { sent: 0, received: 0 },
    isHalfClosed: false,
    took: 0,
    error: undefined,
  });

  /** @param stop ends the call when it is aborted */
  constructor(responses: AsyncIterable<string>, stop: AbortController) {
    this.#stop = stop;
    void this.#read(responses);
  }

  get progress(): ReadonlySignal<CallProgress> {
    return this.#progress;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Adds a message to the progress. */
  protected add(kind: Message["kind"], text: string): void {
    const { messages, count } = this.#progress.peek();
    const after = performance.now() - this.#begun;
    const message = { kind, number: count[kind] + 1, after, text };
    this.change({ messages: [...messages.slice(1 - KEPT), message], count: { ...count, [kind]: message.number } });
  }

  protected change(changed: Partial<CallProgress>): void {
    this.#progress.value = { ...this.#progress.peek(), took: performance.now() - this.#begun, ...changed };
  }

  async #read(responses: AsyncIterable<string>): Promise<void> {
    const { signal } = this.#stop;
    try {
      for await (const text of responses) this.add("received", text);
      this.change({ state: signal.aborted ? "stopped" : "done" });
    } catch (error) {
      this.change(signal.aborted ? { state: "stopped" } : { state: "failed", error });
    }
  }
}
