/** An event, as far as a position is told by it. */
interface Change {
  readonly kv: { readonly mod_revision: bigint } | undefined;
}

/** How much of a revision has come whose events are in several pieces. */
interface Begun {
  readonly revision: bigint;
  readonly events: number;
}

/** Where a watch is: what has come, so that what is to come can be asked for again. */
export class WatchPosition {
  #created = false;
  #next: bigint;
  #last = 0n;
  #begun: Begun | undefined;
  /** What will come again after a break, and is to be dropped. */
  #repeated: Begun | undefined;

  /** @param start the revision to begin with; 0n for what happens from now on */
  constructor(start: bigint) {
    this.#next = start;
  }

  /** Whether the watch has been there. */
  get created(): boolean {
    return this.#created;
  }

  /** The revision to go on from; 0n for what happens from now on. */
  get next(): bigint {
    return this.#next;
  }

  /** The revision of the last event. */
  get last(): bigint {
    return this.#last;
  }

  /** Notes that a new connection is made. */
  onConnect(): void {
    this.#repeated = this.#begun;
  }

  /** Notes that the watch is there. Returns whether it is so for the first time. */
  onCreated(revision: bigint): boolean {
    const isFirst = !this.#created;
    this.#created = true;
    if (this.#next === 0n) this.#next = revision + 1n;
    return isFirst;
  }

  /**
   * Notes events, and returns how many of the first have come before.
   *
   * @param fragment whether more of the same revision may follow
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

  /** Notes that all up to a revision has come. */
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
