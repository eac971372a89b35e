import { callCanceled, deadlineExceeded, deadlineTimer, GatewayError } from "@etcd-gateway/runtime";
import type { UserSession } from "./user-session.js";

/** Waits for a session until it has begun, the call is canceled, or the deadline has passed. */
export class SessionWait {
  readonly #onError: (error: GatewayError) => void;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** Calls exactly one of the two functions, exactly once, and never from within the constructor. */
  constructor(
    session: Promise<UserSession>,
    deadline: number | undefined,
    onSession: (session: UserSession) => void,
    onError: (error: GatewayError) => void,
  ) {
    this.#onError = onError;
    if (deadline !== undefined) {
      this.#timer = deadlineTimer(deadline, () => this.#fail(deadlineExceeded()));
    }
    session.then(
      (begun) => {
        if (this.#end()) onSession(begun);
      },
      (error: unknown) => this.#fail(GatewayError.from(error)),
    );
  }

  /** Cancels the call. It reports the error asynchronously, never from within this function. */
  cancel(): void {
    if (this.#end()) process.nextTick(() => this.#onError(callCanceled()));
  }

  #fail(error: GatewayError): void {
    if (this.#end()) this.#onError(error);
  }

  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    return true;
  }
}
