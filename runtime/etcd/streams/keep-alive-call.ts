import type { GatewayError } from "@etcd-gateway/runtime";
import { Fifo } from "@etcd-gateway/runtime/transports";
import { ResumableCall } from "./resumable-call.js";

/**
 * A resumable `LeaseKeepAlive` call. etcd responds to each request, in order. Requests without a response when the
 * connection breaks are sent again. That does no harm, because renewing a lease twice has the same effect as renewing
 * it once.
 */
export class KeepAliveCall extends ResumableCall<void> {
  readonly #pending = new Fifo<Uint8Array>();

  protected override onOpen(): void {
    for (const request of this.#pending) this.transmit(request);
    this.#endIfDone();
  }

  protected override onRequest(message: Uint8Array): void {
    this.#pending.push(message);
    this.keep(message);
    if (this.open) this.transmit(message);
  }

  protected override onRequestsEnd(): void {
    if (this.open) this.#endIfDone();
  }

  protected override read(): void {}

  protected override onResponse(message: Buffer): void {
    const request = this.#pending.shift();
    this.deliver(message);
    this.#endIfDone();
    if (request !== undefined) this.forget(request);
  }

  /**
   * Ends the requests only after all responses have arrived, because etcd's gRPC proxy drops pending responses when the
   * requests end.
   */
  #endIfDone(): void {
    if (this.ended && this.#pending.length === 0) this.halfClose();
  }

  /** The gRPC proxy of etcd 3.4 ends successful calls with this error. */
  protected override isBreak(error: GatewayError, reached: boolean): boolean {
    return super.isBreak(error, reached) || (this.complete && error.message === "context canceled");
  }

  protected override get awaits(): boolean {
    return this.#pending.length > 0;
  }

  protected override get complete(): boolean {
    return this.ended && this.#pending.length === 0;
  }
}
