import { isThenable } from "../app-result.js";

/** Where a {@link MessageRelay} brings its messages. */
export interface RelayEnd {
  /** Takes the next message. */
  deliver(message: Uint8Array): void;
  /** No message waits any more. */
  onIdle(): void;
  /** The relay has failed; it does nothing from now on. */
  onError(error: unknown): void;
}

/** Passes the messages of one direction of a stream through a function, one after the other, in their order. */
export class MessageRelay {
  readonly #change: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  readonly #end: RelayEnd;
  readonly #waiting: Uint8Array[] = [];
  #held: boolean;
  #stopped = false;
  #last: (() => void) | undefined;

  /** @param held whether messages wait until the first {@link MessageRelay.release} */
  constructor(change: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>, end: RelayEnd, held = false) {
    this.#change = change;
    this.#end = end;
    this.#held = held;
  }

  /** Whether messages wait. */
  get busy(): boolean {
    return this.#held;
  }

  /** Takes a message. */
  push(message: Uint8Array): void {
    if (this.#stopped) return;
    if (this.#held) this.#waiting.push(message);
    else this.#pass(message);
  }

  /** Calls back after the last message has been delivered. */
  finish(last: () => void): void {
    if (this.#stopped) return;
    if (this.#held) this.#last = last;
    else last();
  }

  /** Lets the messages go that wait. */
  release(): void {
    this.#held = false;
    while (!this.#held && !this.#stopped) {
      const message = this.#waiting.shift();
      if (message === undefined) break;
      this.#pass(message);
    }
    if (this.#held || this.#stopped) return;
    this.#end.onIdle();
    this.#last?.();
  }

  /** Drops what waits, and whatever comes. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
  }

  #pass(message: Uint8Array): void {
    try {
      const changed = this.#change(message);
      if (!isThenable(changed)) {
        this.#end.deliver(changed);
        return;
      }
      this.#held = true;
      changed.then(
        (result) => {
          if (this.#stopped) return;
          this.#end.deliver(result);
          this.release();
        },
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    this.stop();
    this.#end.onError(error);
  }
}
