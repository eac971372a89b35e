import type { GatewayError } from "@etcd-gateway/runtime";
import { ResumableCall } from "./resumable-call.js";

/**
 * A `Snapshot` or `RangeStream` call. If a member refuses it, such as a learner, it begins at another one. Once etcd has
 * responded, it cannot continue elsewhere: the snapshots of two members are not the same bytes.
 */
export class StreamedRead extends ResumableCall<void> {
  readonly #requests: Uint8Array[] = [];

  protected override isBreak(error: GatewayError, reached: boolean): boolean {
    return !reached && super.isBreak(error, reached);
  }

  protected override onOpen(): void {
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

  protected override read(): void {}

  protected override onResponse(message: Buffer): void {
    this.deliver(message);
  }

  protected override get awaits(): boolean {
    return true;
  }

  protected override get complete(): boolean {
    return false;
  }
}
