import { Fifo } from "../../collections/fifo.js";
import { isThenable } from "../app-result.js";

/** The destination of a {@link MessageRelay}. */
export interface RelayEnd {
  /** Receives the next message. */
  deliver(message: Uint8Array): void;
  /** Called when no message waits any more. */
  onIdle(): void;
  /** Called when the relay has failed. It does nothing afterwards. */
  onError(error: unknown): void;
}

/** Passes the messages of one direction of a stream through a function, one after the other, in order. */
export class MessageRelay {
  readonly #change: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  readonly #end: RelayEnd;
  readonly #waiting = new Fifo<Uint8Array>();
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

  /** Accepts a message. */
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

  /** Delivers the waiting messages. */
  release(): void {
    this.#held = false;
    while (!this.#held && !this.#stopped) {
      const message = this.#waiting.shift();
      if (message === undefined) break;
      this.#pass(message);
    }
    if (this.#held || this.#stopped) return;
    this.#end.onIdle();
    // That may have brought the next message, which the end must not overtake.
    if (!this.#held) this.#last?.();
  }

  /** Drops the waiting messages and all later ones. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
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
