import { deadlineExceeded, GatewayError, type Metadata, Status } from "@etcd-gateway/runtime";
import { hasServerDeadlineExpired } from "@etcd-gateway/runtime/transports";
import { readLeader } from "./leader-response.js";
import { ResumableCall } from "./resumable-call.js";

const CLOSED_EARLY = "election: observe closed early";

const CANNOT_OBSERVE =
  "etcd cannot observe the election: its cluster may have no leader, or the call may need a token or a permission";

/**
 * A resumable `Observe` call of Election. etcd sends the current leader, then each change. On a new connection it sends
 * the current leader again, which is not delivered twice.
 */
export class ObserveCall extends ResumableCall<string> {
  readonly #requests: Uint8Array[] = [];
  #last: string | undefined;
  #reopened = false;

  /**
   * An observation does not end by itself. If etcd ends it, even successfully, etcd could not read the election, or its
   * deadline has expired there before here. etcd does not tell why.
   */
  override onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    const isEnd = error === undefined || error.message === CLOSED_EARLY;
    super.onEnd(isEnd ? this.#reasonOfEnd() : error, trailers);
  }

  #reasonOfEnd(): GatewayError {
    if (hasServerDeadlineExpired(this.options.deadline)) return deadlineExceeded();
    return new GatewayError(Status.UNAVAILABLE, CANNOT_OBSERVE);
  }

  protected override onOpen(): void {
    this.#reopened = this.#last !== undefined;
    for (const request of this.#requests) this.transmit(request);
    if (this.ended) this.halfClose();
  }

  protected override onRequest(message: Uint8Array): void {
    this.#requests.push(message);
    if (this.open) this.transmit(message);
  }

  protected override onRequestsEnd(): void {
    if (this.open) this.halfClose();
  }

  protected override read(message: Buffer): string {
    return readLeader(message);
  }

  protected override onResponse(message: Buffer, leader: string): void {
    const isKnown = this.#reopened && leader === this.#last;
    this.#reopened = false;
    this.#last = leader;
    if (!isKnown) this.deliver(message);
  }

  protected override get complete(): boolean {
    return false;
  }
}
