import {
  type Call,
  type CallOptions,
  connectionsClosed,
  type StreamCall,
  type StreamListener,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { RpcPath } from "../api/rpc-paths.js";
import { KeepAliveCall } from "./keep-alive-call.js";
import { ObserveCall } from "./observe-call.js";
import { RepeatingTransport } from "./repeating-transport.js";
import type { ResumeContext } from "./resumable-call.js";
import { StreamedRead } from "./streamed-read.js";
import { WatchCall } from "./watch/watch-call.js";

/** Options of the resuming transport. */
export interface ResumeOptions {
  /** How long to try to resume a broken call before it fails, in milliseconds, or 0 to not resume. */
  readonly timeout: number;
  /**
   * How a client learns that its first watch is refused: by a message, as in etcd, or by the status of the call. If the
   * `Accept` header asks for it, it is always the status.
   */
  readonly refusals: "message" | "status";
  /** How many watches a stream may have. */
  readonly maxWatches: number;
}

/**
 * Makes watches, lease keep-alives and election observers survive broken connections, and ends watch streams that have
 * no watches left. Calls that change nothing are repeated if a member fails for a reason of its own, such as a change
 * of the leader, and all unary calls if the member has carried out nothing. Snapshots and streamed ranges are repeated
 * only before the first response, because partial ones cannot be continued. Other calls are not changed, because a call
 * that etcd may have executed must not be repeated.
 */
export function resumingTransport(transport: Transport, options: ResumeOptions): Transport {
  return new ResumingTransport(transport, options);
}

class ResumingTransport extends RepeatingTransport {
  readonly #context: ResumeContext;
  readonly #byStatus: boolean;

  constructor(transport: Transport, { timeout, refusals, maxWatches }: ResumeOptions) {
    super(transport);
    this.#context = { transport, timeout, maxWatches, calls: new Set(), closed: false };
    this.#byStatus = refusals === "status";
  }

  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    if (this.#context.timeout === 0) return this.transport.unary(path, request, options, listener);
    return super.unary(path, request, options, listener);
  }

  override stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    const call = this.#lastingCall(path, options, listener);
    if (call === undefined || this.#context.closed) return super.stream(path, options, listener);
    call.start();
    return call;
  }

  override close(): void {
    this.#context.closed = true;
    this.transport.close();
    for (const call of this.#context.calls) call.abort(connectionsClosed());
  }

  #lastingCall(path: string, options: CallOptions, listener: StreamListener) {
    switch (path) {
      case RpcPath.watch:
        return new WatchCall(this.#context, path, options, listener, this.#byStatus || acceptsStatus(options.accept));
      case RpcPath.leaseKeepAlive:
        return this.#context.timeout > 0 ? new KeepAliveCall(this.#context, path, options, listener) : undefined;
      case RpcPath.observe:
        return new ObserveCall(this.#context, path, options, listener);
      case RpcPath.snapshot:
      case RpcPath.rangeStream:
        return this.#context.timeout > 0 ? new StreamedRead(this.#context, path, options, listener) : undefined;
      default:
        return undefined;
    }
  }
}

/**
 * Matches the media types of streams whose clients learn of a refusal by its status. `EventSource` in browsers needs
 * that.
 */
const BY_STATUS = /\btext\/event-stream\b|;\s*refusals="?status\b/i;

/** Whether an `Accept` header asks for refusals by status. */
function acceptsStatus(accept: string | undefined): boolean {
  return accept !== undefined && BY_STATUS.test(accept);
}
