import type { Lifetime } from "../channel/lifetime.js";
import { callError } from "./fetch-response.js";

/** Reads the next message of a stream; `undefined` at its end. */
export type Pull<T> = () => Promise<{ readonly value: T } | undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The messages of a stream, for `for await`. Each message is read when it is requested. Leaving the loop early cancels
 * the call. If the call fails, `next` rejects once, after the messages that came before.
 */
export class PulledStream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #life: Lifetime;
  readonly #pull: Promise<Pull<T>>;
  #last: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(pull: Promise<Pull<T>>, life: Lifetime) {
    this.#pull = pull;
    this.#life = life;
    // Prevents an unhandled rejection. The reader gets the error from `next`.
    pull.catch(() => {});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const result = this.#last.then(() => this.#next());
    this.#last = result.catch(() => {});
    return result;
  }

  /** Leaves the rest unread and cancels the call. */
  return(): Promise<IteratorReturnResult<undefined>> {
    this.#over = true;
    this.#life.cancel();
    return Promise.resolve(DONE);
  }

  async #next(): Promise<IteratorResult<T, undefined>> {
    if (this.#over) return DONE;
    try {
      const pull = await this.#pull;
      const message = await this.#life.within(pull());
      // The caller may have left the stream in the meantime.
      if (message !== undefined && !this.#isOver()) return { done: false, value: message.value };
      this.#finish();
      return DONE;
    } catch (error) {
      const isLeft = this.#isOver();
      this.#finish();
      if (isLeft) return DONE;
      const reason = callError(error, this.#life);
      // The rest of the response is useless.
      this.#life.cancel();
      throw reason;
    }
  }

  #isOver(): boolean {
    return this.#over;
  }

  #finish(): void {
    this.#over = true;
    this.#life.end();
  }
}
