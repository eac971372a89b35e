import { GatewayError, Status } from "@etcd-gateway/runtime";
import type { OwnSession } from "./own-session.js";

/** The longest delay of a timer of Node.js. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A call that waits for a session, until it is there, the call is cancelled or its time is up. */
export class SessionWait {
  readonly #onError: (error: GatewayError) => void;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** Exactly one of the two functions is called, once, and never from within the constructor. */
  constructor(
    session: Promise<OwnSession>,
    deadline: number | undefined,
    onSession: (session: OwnSession) => void,
    onError: (error: GatewayError) => void,
  ) {
    this.#onError = onError;
    if (deadline !== undefined) {
      const expired = new GatewayError(Status.DEADLINE_EXCEEDED, "context deadline exceeded");
      this.#timer = setTimeout(() => this.#fail(expired), Math.min(deadline - Date.now(), LONGEST_DELAY));
    }
    session.then(
      (begun) => {
        if (this.#end()) onSession(begun);
      },
      (error: unknown) => this.#fail(GatewayError.from(error)),
    );
  }

  /** The call is not wanted any more. It hears so later, never from within this function. */
  cancel(): void {
    if (this.#end()) process.nextTick(() => this.#onError(new GatewayError(Status.CANCELLED, "context canceled")));
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
