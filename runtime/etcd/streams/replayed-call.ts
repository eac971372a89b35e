import { ResumableCall } from "./resumable-call.js";

/** A resumable call that sends all its requests again on a new connection. It has few, and does not end by itself. */
export abstract class ReplayedCall<Facts> extends ResumableCall<Facts> {
  protected readonly requests: Uint8Array[] = [];

  protected override onOpen(): void {
    for (const request of this.requests) this.transmit(request);
    if (this.ended) this.halfClose();
  }

  protected override onRequest(message: Uint8Array): void {
    this.requests.push(message);
    if (this.open) this.transmit(message);
  }

  protected override onRequestsEnd(): void {
    if (this.open) this.halfClose();
  }

  protected override get complete(): boolean {
    return false;
  }
}
