/** The number of bytes of waiting requests from which `send` asks its caller to wait. */
export const MOST_HELD: number = 64 * 1024;

/**
 * Counts the requests of a stream whose call to etcd has not begun yet, or has to begin again, for back-pressure. It does
 * not hold them: its owner decides what to send when the call begins.
 */
export class RequestRoom {
  readonly #onDrain: () => void;
  /** The number of bytes of requests that wait for a call. */
  #held = 0;
  #full = false;

  /** @param onDrain called when there is room again */
  constructor(onDrain: () => void) {
    this.#onDrain = onDrain;
  }

  /** Whether there is room for the next request. */
  get free(): boolean {
    return !this.#full;
  }

  /** Registers a request that waits for a call. */
  hold({ length }: Uint8Array): void {
    this.#held += length;
    this.#full ||= this.#held >= MOST_HELD;
  }

  /** Registers a request that was passed to a call, and whether the call has room for the next one. */
  sent(free: boolean): void {
    this.#full ||= !free;
  }

  /** Sends the waiting requests when a call has begun. `send` must register each request with {@link sent}. */
  release(send: () => void): void {
    const wasFull = this.#full;
    this.#held = 0;
    this.#full = false;
    send();
    if (wasFull && !this.#full) this.#onDrain();
  }

  /** Registers that the call has room again. */
  drain(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#onDrain();
  }
}
