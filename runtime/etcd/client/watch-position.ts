import { Code, RpcError } from "@etcd-gateway/client";
import { OTHER_CLUSTER } from "../api/other-cluster.js";
import { RpcName } from "../api/rpc-names.js";

/** The part of an event that determines the position. */
interface Change {
  readonly kv: { readonly mod_revision: bigint } | undefined;
}

/** The number of events received of a revision whose events come in several fragments. */
interface Begun {
  readonly revision: bigint;
  readonly events: number;
}

/** The position of a watch: which events have been received, so that a new connection can continue from there. */
export class WatchPosition {
  #created = false;
  /** The id of the cluster that created the watch first, or 0n if it is not known. */
  #cluster = 0n;
  #next: bigint;
  #last = 0n;
  #begun: Begun | undefined;
  /** The events that the new connection will repeat, and that must be dropped. */
  #repeated: Begun | undefined;

  /** @param start the revision to begin with, or 0n or less for events from now on */
  constructor(start: bigint) {
    this.#next = start;
  }

  /** Whether the watch has been created. */
  get created(): boolean {
    return this.#created;
  }

  /** The revision to continue from, or 0n for events from now on. */
  get next(): bigint {
    return this.#next;
  }

  /** The revision of the last event. */
  get last(): bigint {
    return this.#last;
  }

  /** Registers a new connection. */
  onConnect(): void {
    this.#repeated = this.#begun;
  }

  /**
   * Registers that the watch was created. Returns whether this is the first time.
   *
   * @throws RpcError if another cluster than before has created it
   */
  onCreated(revision: bigint, cluster: bigint): boolean {
    if (this.#cluster === 0n) this.#cluster = cluster;
    else if (cluster !== 0n && cluster !== this.#cluster)
      throw new RpcError(Code.OUT_OF_RANGE, OTHER_CLUSTER, { rpc: RpcName.watch });
    const isFirst = !this.#created;
    this.#created = true;
    if (this.#next <= 0n) this.#next = revision + 1n;
    return isFirst;
  }

  /**
   * Registers events, and returns how many of them, from the beginning of the list, are repetitions.
   *
   * @param fragment whether more events of the same revision may follow
   */
  onEvents(events: readonly Change[], fragment: boolean): number {
    const repeated = this.#repeatedOf(events);
    const fresh = events.slice(repeated);
    const last = events.at(-1)?.kv?.mod_revision ?? this.#next;
    if (fresh.length > 0) this.#last = last;
    if (fragment) {
      const earlier = this.#begun?.revision === last ? this.#begun.events : 0;
      this.#begun = { revision: last, events: earlier + fresh.filter((event) => revisionOf(event) === last).length };
      this.#next = last;
    } else {
      this.#begun = undefined;
      this.#next = last + 1n;
    }
    return repeated;
  }

  /** Registers that all events up to a revision have been received. */
  onProgress(revision: bigint): void {
    if (this.#begun === undefined && revision >= this.#next) this.#next = revision + 1n;
  }

  #repeatedOf(events: readonly Change[]): number {
    if (this.#repeated === undefined) return 0;
    const { revision, events: left } = this.#repeated;
    const again = events.filter((event) => revisionOf(event) === revision).length;
    const dropped = Math.min(left, again);
    const isPast = again < events.length || again > left;
    this.#repeated = isPast ? undefined : { revision, events: left - dropped };
    return dropped;
  }
}

function revisionOf({ kv }: Change): bigint {
  return kv?.mod_revision ?? 0n;
}
