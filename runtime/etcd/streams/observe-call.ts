import { type Call, callCanceled, deadlineExceeded, GatewayError, type Metadata, Status } from "@etcd-gateway/runtime";
import { hasServerDeadlineExpired } from "@etcd-gateway/runtime/transports";
import { readLeader } from "./leader-response.js";
import { checkObserver } from "./refused-observer.js";
import { ReplayedCall } from "./replayed-call.js";

const CLOSED_EARLY = "election: observe closed early";

const CANNOT_OBSERVE =
  "etcd cannot observe the election: its cluster may have no leader, or the call may need a token or a permission";

/**
 * A resumable `Observe` call of Election. etcd sends the current leader, then each change. On a new connection it sends
 * the current leader again, which is not delivered twice.
 */
export class ObserveCall extends ReplayedCall<string> {
  #last: string | undefined;
  #reopened = false;
  /** Whether etcd has responded on the current connection. */
  #hasResponded = false;
  #check: Call | undefined;
  #isCanceled = false;

  /**
   * An observation does not end by itself. If etcd ends it, even successfully, etcd could not read the election, or its
   * deadline has expired there before here. etcd does not tell why. If it refuses an observer that it accepted before, the
   * token may have expired, so that it is useless to try again.
   */
  override onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    const isEnd = error === undefined || error.message === CLOSED_EARLY;
    if (!isEnd) super.onEnd(error, trailers);
    else if (this.delivered && !this.#hasResponded) this.#askWhy(trailers);
    else super.onEnd(this.#reasonOfEnd(), trailers);
  }

  override cancel(): void {
    this.#isCanceled = true;
    super.cancel();
    this.#check?.cancel();
  }

  protected override onClose(): void {
    this.#check?.cancel();
    this.#check = undefined;
  }

  #askWhy(trailers: Metadata): void {
    const [request = new Uint8Array()] = this.requests;
    this.#check = checkObserver(this.context.transport, request, this.options, (refusal) => {
      this.#check = undefined;
      super.onEnd(this.#isCanceled ? callCanceled() : (refusal ?? this.#reasonOfEnd()), trailers);
    });
  }

  #reasonOfEnd(): GatewayError {
    if (hasServerDeadlineExpired(this.options.deadline)) return deadlineExceeded();
    return new GatewayError(Status.UNAVAILABLE, CANNOT_OBSERVE);
  }

  protected override onOpen(): void {
    this.#reopened = this.#last !== undefined;
    this.#hasResponded = false;
    super.onOpen();
  }

  protected override read(message: Buffer): string {
    return readLeader(message);
  }

  protected override onResponse(message: Buffer, leader: string): void {
    this.#hasResponded = true;
    const isKnown = this.#reopened && leader === this.#last;
    this.#reopened = false;
    this.#last = leader;
    if (!isKnown) this.deliver(message);
  }

  /** As long as the election has no leader, etcd says nothing. If it cannot read the election, it ends the call. */
  protected override get awaits(): boolean {
    return false;
  }
}
