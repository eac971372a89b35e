import type { Lifetime } from "../channel/lifetime.js";
import { callError } from "./fetch-response.js";

/** Gets the next message of a stream; `undefined` at its end. */
export type Pull<T> = () => Promise<{ readonly value: T } | undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The messages of a stream, to be read with `for await`: each is got when it is asked for. A loop that is left early
 * cancels the call; a call that fails rejects once, after the messages that came before.
 */
export class PulledStream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #life: Lifetime;
  readonly #pull: Promise<Pull<T>>;
  #last: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(pull: Promise<Pull<T>>, life: Lifetime) {
    this.#pull = pull;
    this.#life = life;
    // Who reads hears of it.
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
      const message = await (await this.#pull)();
      // The call may have been cancelled meanwhile.
      if (message !== undefined && !this.#isOver()) return { done: false, value: message.value };
      this.#finish();
      return DONE;
    } catch (error) {
      const isLeft = this.#isOver();
      this.#finish();
      if (isLeft) return DONE;
      const reason = callError(error, this.#life);
      // What is left of the response is of no use.
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
