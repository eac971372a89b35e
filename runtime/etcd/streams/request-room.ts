/** From this many request bytes that wait for a call on, `send` asks its caller to wait. */
export const MOST_HELD: number = 64 * 1024;

/** The room for the requests of a stream whose call to etcd has yet to begin, or to begin again. */
export class RequestRoom {
  readonly #onDrain: () => void;
  /** Bytes of the requests that wait for a call. */
  #held = 0;
  #full = false;

  /** @param onDrain is told that there is room again */
  constructor(onDrain: () => void) {
    this.#onDrain = onDrain;
  }

  /** Whether there is room for the next request. */
  get free(): boolean {
    return !this.#full;
  }

  /** Takes note of a request that waits for a call. */
  hold({ length }: Uint8Array): void {
    this.#held += length;
    this.#full ||= this.#held >= MOST_HELD;
  }

  /** Takes note of a request that a call has taken, and whether the call has room for the next. */
  sent(free: boolean): void {
    this.#full ||= !free;
  }

  /** A call has begun: what waits is sent, each request noted by {@link sent}. */
  release(send: () => void): void {
    const wasFull = this.#full;
    this.#held = 0;
    this.#full = false;
    send();
    if (wasFull && !this.#full) this.#onDrain();
  }

  /** The call has room again. */
  drain(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#onDrain();
  }
}
