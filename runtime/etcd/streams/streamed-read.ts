import type { GatewayError } from "@etcd-gateway/runtime";
import { ReplayedCall } from "./replayed-call.js";

/**
 * A `Snapshot` or `RangeStream` call. If a member refuses it, such as a learner, it begins at another one. Once etcd has
 * responded, it cannot continue elsewhere: the snapshots of two members are not the same bytes.
 */
export class StreamedRead extends ReplayedCall<void> {
  protected override isBreak(error: GatewayError, reached: boolean): boolean {
    return !reached && super.isBreak(error, reached);
  }

  protected override read(): void {}

  protected override onResponse(message: Buffer): void {
    this.deliver(message);
  }

  protected override get awaits(): boolean {
    return true;
  }
}
