import type { GatewayError } from "@etcd-gateway/runtime";
import { Fifo } from "./fifo.js";
import { ResumableCall } from "./resumable-call.js";

/**
 * `LeaseKeepAlive`: etcd answers each request, in order. Those not answered when the connection breaks are sent again,
 * which does no harm: a lease that is kept alive twice lives as long as one that is kept alive once.
 */
export class KeepAliveCall extends ResumableCall<void> {
  readonly #unanswered = new Fifo<Uint8Array>();

  protected override onOpen(): void {
    for (const request of this.#unanswered) this.transmit(request);
    this.#endIfAnswered();
  }

  protected override onRequest(message: Uint8Array): void {
    this.#unanswered.push(message);
    if (this.open) this.transmit(message);
  }

  protected override onRequestsEnd(): void {
    if (this.open) this.#endIfAnswered();
  }

  protected override read(): void {}

  protected override onAnswer(message: Buffer): void {
    this.#unanswered.shift();
    this.deliver(message);
    this.#endIfAnswered();
  }

  /** etcd's gRPC proxy gives up what it has not answered when the requests end. */
  #endIfAnswered(): void {
    if (this.ended && this.#unanswered.length === 0) this.halfClose();
  }

  /** The gRPC proxy of etcd 3.4 says so at the end of a call that has gone well. */
  protected override isBreak(error: GatewayError | undefined, reached: boolean): boolean {
    return super.isBreak(error, reached) || (this.complete && error?.message === "context canceled");
  }

  protected override get complete(): boolean {
    return this.ended && this.#unanswered.length === 0;
  }
}
