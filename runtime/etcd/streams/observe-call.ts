import type { GatewayError } from "@etcd-gateway/runtime";
import { readLeader } from "./leader-response.js";
import { ResumableCall } from "./resumable-call.js";

const CLOSED_EARLY = "election: observe closed early";

/**
 * A resumable `Observe` call of Election. etcd sends the current leader, then each change. On a new connection it sends
 * the current leader again, which is not delivered twice.
 */
export class ObserveCall extends ResumableCall<string> {
  readonly #requests: Uint8Array[] = [];
  #last: string | undefined;
  #reopened = false;

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

  /**
   * An observation does not end by itself. If etcd ends it, etcd could not continue, for example because the cluster
   * has no leader. If etcd ends an observation before the first response, it could not begin, for example because a
   * token is missing.
   */
  protected override isBreak(error: GatewayError | undefined, reached: boolean): boolean {
    const isEnd = error === undefined || error.message === CLOSED_EARLY;
    return (isEnd && this.#last !== undefined) || super.isBreak(error, reached);
  }

  protected override get complete(): boolean {
    return false;
  }
}
