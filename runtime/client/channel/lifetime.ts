import { Code } from "../errors/code.js";
import { RpcError } from "../errors/rpc-error.js";

/** The longest delay of a timer, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The lifetime of a call. It ends when the call ends, when the caller aborts it, or when its deadline passes. */
export class Lifetime {
  readonly rpc: string;
  /** The deadline in milliseconds of `performance.now()`; `undefined` if there is none. */
  readonly deadline: number | undefined;
  readonly #controller = new AbortController();
  readonly #given: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #error: RpcError | undefined;

  /** @param timeout time limit in milliseconds; 0 for no limit */
  constructor(rpc: string, timeout: number, signal: AbortSignal | undefined) {
    this.rpc = rpc;
    this.#given = signal;
    this.deadline = timeout > 0 ? performance.now() + timeout : undefined;
    if (timeout > 0) this.#timer = setTimeout(this.#onDeadline, Math.min(timeout, LONGEST_TIMER));
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Is aborted when the call must stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the call must stop; `undefined` if it may go on. */
  get error(): RpcError | undefined {
    return this.#error;
  }

  /** Stops the call. If it is stopped several times, the first error counts. */
  stop(error: RpcError): void {
    this.#error ??= error;
    this.end();
    this.#controller.abort(this.#error);
  }

  /** Stops the call at its caller's request. */
  cancel(cause?: unknown): void {
    this.stop(new RpcError(Code.CANCELLED, "the call was canceled", { rpc: this.rpc, cause }));
  }

  /** Releases the timer and the listener when the call is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#given?.removeEventListener("abort", this.#onAbort);
  }

  /**
   * Waits.
   *
   * @param delay in milliseconds
   * @throws RpcError at once when the call must stop
   */
  async wait(delay: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", over);
        resolve();
      };
      const timer = setTimeout(over, delay);
      this.signal.addEventListener("abort", over);
      if (this.signal.aborted) over();
    });
    if (this.#error !== undefined) throw this.#error;
  }

  /**
   * Waits for a promise. The app's functions and its `fetch` may not know the signal, and may never settle.
   *
   * @throws RpcError at once when the call must stop; otherwise what the promise rejects with
   */
  within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const over = (): void => reject(this.#error);
      const left = (): void => this.signal.removeEventListener("abort", over);
      this.signal.addEventListener("abort", over);
      if (this.signal.aborted) over();
      work.then(
        (value) => {
          left();
          resolve(value);
        },
        (error: unknown) => {
          left();
          reject(error);
        },
      );
    });
  }

  readonly #onDeadline = (): void => {
    this.stop(new RpcError(Code.DEADLINE_EXCEEDED, "the deadline has passed", { rpc: this.rpc }));
  };

  readonly #onAbort = (): void => this.cancel(this.#given?.reason);
}
