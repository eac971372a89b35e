import { channel } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { checkedMetadata, forgetPromise, onRejection } from "../call/app-result.js";
import { warnOf } from "../errors/gateway-warning.js";
import type { Metadata } from "../transport/transport.js";
import type { CallObserver, ObservedGateway } from "./call-observer.js";
import type { CallRecord } from "./call-record.js";

/** The message of the diagnostics channels `etcd-gateway:call:start` and `etcd-gateway:call:end`. */
export interface CallMessage {
  readonly call: CallRecord;
  readonly req: IncomingMessage;
}

const START = channel("etcd-gateway:call:start");
const END = channel("etcd-gateway:call:end");

/** All observers of a gateway's calls, and the subscribers of the process's diagnostics channels. */
export class CallObservers {
  readonly #observers: readonly CallObserver[];
  /** The observers whose failure has been reported. */
  readonly #failed = new Set<CallObserver>();

  constructor(observers: readonly CallObserver[]) {
    this.#observers = observers;
  }

  /** Whether a call that begins now would have an observer. */
  get isAnybody(): boolean {
    return this.#observers.length > 0 || START.hasSubscribers || END.hasSubscribers;
  }

  /** Reports that a gateway has been created. Never throws. */
  attached(gateway: ObservedGateway): void {
    for (const observer of this.#observers) this.#tell(observer, () => observer.onGateway?.(gateway));
  }

  /** Reports the start of a call. Never throws. */
  started(call: CallRecord, req: IncomingMessage): void {
    for (const observer of this.#observers) this.#tell(observer, () => observer.onStart?.(call, req));
    if (START.hasSubscribers) START.publish({ call, req } satisfies CallMessage);
  }

  /**
   * Reports that a server is about to be called. Never throws.
   *
   * @returns the metadata to send
   */
  calling(call: CallRecord, req: IncomingMessage, metadata: Metadata): Metadata {
    let current = metadata;
    for (const observer of this.#observers) {
      if (observer.onBackendCall === undefined) continue;
      this.#tell(observer, () => {
        const changed: unknown = observer.onBackendCall?.(call, req, current);
        forgetPromise(changed);
        if (changed !== undefined) current = checkedMetadata(changed, "onBackendCall");
      });
    }
    return current;
  }

  /** Reports the end of a call. Never throws. */
  ended(call: CallRecord, req: IncomingMessage): void {
    for (const observer of this.#observers) this.#tell(observer, () => observer.onEnd?.(call, req));
    if (END.hasSubscribers) END.publish({ call, req } satisfies CallMessage);
  }

  #tell(observer: CallObserver, tell: () => unknown): void {
    try {
      // The type of the hooks also allows async functions.
      const result = tell();
      onRejection(result, (thrown) => this.#warn(observer, thrown));
    } catch (thrown) {
      this.#warn(observer, thrown);
    }
  }

  #warn(observer: CallObserver, thrown: unknown): void {
    if (this.#failed.has(observer)) return;
    this.#failed.add(observer);
    warnOf("an observer of calls failed (only its first failure is reported)", thrown);
  }
}
