import type { GatewayError } from "@etcd-gateway/runtime";
import { readLeader } from "./leader-response.js";
import { ResumableCall } from "./resumable-call.js";

const CLOSED_EARLY = "election: observe closed early";

/**
 * Election's `Observe`: etcd tells who the leader is, then of each change. Over a new connection it begins with the
 * leader once more, whom the client is not told of twice.
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

  protected override onAnswer(message: Buffer, leader: string): void {
    const isKnown = this.#reopened && leader === this.#last;
    this.#reopened = false;
    this.#last = leader;
    if (!isKnown) this.deliver(message);
  }

  /**
   * Observation has no end of its own: when etcd ends it, it could not go on, as without a leader of the cluster. An
   * observation that etcd ends without having told anything could not begin, as without a token where one is needed.
   */
  protected override isBreak(error: GatewayError | undefined, reached: boolean): boolean {
    const isEnd = error === undefined || error.message === CLOSED_EARLY;
    return (isEnd && this.#last !== undefined) || super.isBreak(error, reached);
  }

  protected override get complete(): boolean {
    return false;
  }
}
