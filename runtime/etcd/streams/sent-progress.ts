import type { CallProgress, Metadata } from "@etcd-gateway/runtime";

/** Passes on the events of a call, and notes whether a member has got the call. */
export class SentProgress implements CallProgress {
  isSent = false;
  readonly #listener: CallProgress | undefined;

  constructor(listener: CallProgress | undefined) {
    this.#listener = listener;
  }

  onCall(metadata: Metadata): Metadata {
    return this.#listener?.onCall(metadata) ?? metadata;
  }

  onAttempt(endpoint: string): void {
    this.isSent = true;
    this.#listener?.onAttempt(endpoint);
  }

  onResult(): void {
    this.#listener?.onResult();
  }

  onResumed(): void {
    this.#listener?.onResumed();
  }
}
