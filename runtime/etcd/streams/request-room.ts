import { messageMemory } from "@etcd-gateway/runtime/transports";

/** The memory of held requests, in bytes, from which `send` asks its caller to wait. */
const MOST_HELD = 64 * 1024;

/**
 * Counts the requests that a stream holds, for back-pressure: those whose call to etcd has not begun yet, or has to begin
 * again, and those that it would repeat. It does not hold them: its owner decides what to send when a call begins.
 */
export class RequestRoom {
  readonly #onDrain: () => void;
  /** The memory of the requests that wait for a call, in bytes. */
  #waiting = 0;
  /** The memory of the requests that are kept for a repetition, in bytes. */
  #kept = 0;
  #isCallFull = false;
  /** Whether the caller waits for `onDrain`. */
  #owesDrain = false;

  /** @param onDrain called when there is room again */
  constructor(onDrain: () => void) {
    this.#onDrain = onDrain;
  }

  /** Whether there is room for the next request. */
  get free(): boolean {
    return !this.#isCallFull && this.#waiting < MOST_HELD && this.#kept < MOST_HELD;
  }

  /** Registers a request that waits for a call. */
  hold(request: Uint8Array): void {
    this.#waiting += messageMemory(request);
    this.#owesDrain ||= !this.free;
  }

  /** Registers a request that is kept, whether it has been passed to a call or not, until {@link drop}. */
  keep(request: Uint8Array): void {
    this.#kept += messageMemory(request);
    this.#owesDrain ||= !this.free;
  }

  /** Registers that a request is no longer kept. */
  drop(request: Uint8Array): void {
    this.#kept -= messageMemory(request);
    this.#settle();
  }

  /** Registers a request that was passed to a call, and whether the call has room for the next one. */
  sent(free: boolean): void {
    this.#isCallFull ||= !free;
    this.#owesDrain ||= !this.free;
  }

  /** Sends the waiting requests when a call has begun. `send` must register each request with {@link sent}. */
  release(send: () => void): void {
    this.#waiting = 0;
    this.#isCallFull = false;
    send();
    this.#settle();
  }

  /** Registers that the call has room again. */
  drain(): void {
    this.#isCallFull = false;
    this.#settle();
  }

  #settle(): void {
    if (!this.#owesDrain || !this.free) return;
    this.#owesDrain = false;
    this.#onDrain();
  }
}
