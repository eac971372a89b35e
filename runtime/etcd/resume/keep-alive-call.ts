import { ResumableCall } from "./resumable-call.js";

/**
 * `LeaseKeepAlive`: etcd answers each request, in order. Those not answered when the connection breaks are sent again,
 * which does no harm: a lease that is kept alive twice lives as long as one that is kept alive once.
 */
export class KeepAliveCall extends ResumableCall<void> {
  readonly #unanswered: Uint8Array[] = [];

  protected override onOpen(): void {
    for (const request of this.#unanswered) this.transmit(request);
    if (this.ended) this.halfClose();
  }

  protected override onRequest(message: Uint8Array): void {
    this.#unanswered.push(message);
    if (this.open) this.transmit(message);
  }

  protected override onRequestsEnd(): void {
    if (this.open) this.halfClose();
  }

  protected override read(): void {}

  protected override onAnswer(message: Buffer): void {
    this.#unanswered.shift();
    this.deliver(message);
  }

  protected override get complete(): boolean {
    return this.ended && this.#unanswered.length === 0;
  }
}
