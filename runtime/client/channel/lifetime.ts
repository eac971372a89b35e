import { Code } from "../errors/code.js";
import { RpcError } from "../errors/rpc-error.js";

/** The longest that a timer can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How long a call may live: until its caller aborts it, or its deadline, or its end. */
export class Lifetime {
  readonly rpc: string;
  /** When the call must be over, in milliseconds since 1970; `undefined` for never. */
  readonly deadline: number | undefined;
  readonly #controller = new AbortController();
  readonly #given: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #error: RpcError | undefined;

  /** @param timeout in milliseconds, 0 for no limit */
  constructor(rpc: string, timeout: number, signal: AbortSignal | undefined) {
    this.rpc = rpc;
    this.#given = signal;
    this.deadline = timeout > 0 ? Date.now() + timeout : undefined;
    if (timeout > 0) this.#timer = setTimeout(this.#onDeadline, Math.min(timeout, LONGEST_TIMER));
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Aborted when the call is to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the call is to stop, if it is. */
  get error(): RpcError | undefined {
    return this.#error;
  }

  /** Stops the call, for the first reason that is given. */
  stop(error: RpcError): void {
    this.#error ??= error;
    this.end();
    this.#controller.abort(this.#error);
  }

  /** Stops the call on behalf of its caller. */
  cancel(cause?: unknown): void {
    this.stop(new RpcError(Code.CANCELLED, "the call was cancelled", { rpc: this.rpc, cause }));
  }

  /** Says that the call is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#given?.removeEventListener("abort", this.#onAbort);
  }

  /** Waits, in milliseconds; rejects at once when the call is to stop. */
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

  readonly #onDeadline = (): void => {
    this.stop(new RpcError(Code.DEADLINE_EXCEEDED, "the deadline has passed", { rpc: this.rpc }));
  };

  readonly #onAbort = (): void => this.cancel(this.#given?.reason);
}
