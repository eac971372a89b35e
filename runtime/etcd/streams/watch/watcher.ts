import { createRequest, type WatchCreate } from "./watch-request.js";
import { cancelResponse, countEvents, dropEvents, NO_WATCH, type WatchNews, withWatchId } from "./watch-response.js";

/** One watch of a stream: its ids at the client and at etcd, and its position. */
export class Watcher {
  readonly create: WatchCreate;
  /** The number of the client's request that created it. Later requests have higher numbers. */
  readonly order: number;
  /** The id that the client knows, or `undefined` until etcd has created the watch for the first time. */
  id: bigint | undefined;
  /** The id to request if the watch is created again before the client knows its id. */
  plannedId: bigint | undefined;
  /** Whether the client has asked to cancel it. */
  cancelAsked = false;
  /** The id that etcd assigned on the current connection. */
  #etcdId = 0n;
  #header: Uint8Array = new Uint8Array();
  /** The revision up to which the client knows all changes that it asked for. */
  #known: bigint;
  /** The number of events of the next revision that the client has received. */
  #had = 0;
  /** The number of these events that etcd has yet to repeat on the current connection. */
  #toDrop = 0;

  constructor(create: WatchCreate, order: number) {
    this.create = create;
    this.order = order;
    this.#known = create.startRevision - 1n;
  }

  /** The id that etcd assigned on the current connection. */
  get etcdId(): bigint {
    return this.#etcdId;
  }

  /** The revision to continue from on a new connection. */
  get #next(): bigint {
    const { startRevision } = this.create;
    return this.#known < startRevision ? startRevision : this.#known + 1n;
  }

  /** Returns the request that creates the watch. */
  request(): Uint8Array {
    return createRequest(this.create, this.#progressNotify);
  }

  /**
   * Returns the request that creates the watch on a new connection, with the given id if the server lets clients
   * choose.
   */
  requestAnew(id: bigint): Uint8Array {
    this.#toDrop = this.#had;
    return createRequest(this.create, {
      ...this.#progressNotify,
      watchId: id,
      ...(this.id !== undefined && { startRevision: this.#next }),
    });
  }

  /** Registers that etcd has created the watch, for the first time or again. */
  onCreated(news: WatchNews): void {
    this.#etcdId = news.watchId;
    this.#header = Buffer.from(news.header);
    if (this.id === undefined && !this.#isOfPast(news.headerRevision)) this.#known = news.headerRevision;
  }

  /**
   * Whether the watch begins at a revision that the store has reached. From a negative one, etcd watches from now on, or
   * reports it as compacted.
   */
  #isOfPast(revision: bigint): boolean {
    const { startRevision } = this.create;
    return startRevision > 0n && startRevision <= revision;
  }

  /** Returns the response to send to the client, or `undefined` to send none. */
  onNews(message: Buffer, news: WatchNews): Buffer | undefined {
    if (news.canceled) return this.named(message);
    if (news.lastRevision === undefined) return this.#onProgress(news) ? this.named(message) : undefined;
    if (this.#toDrop > 0) {
      const rest = dropEvents(message, this.#next, this.#toDrop);
      // Events of a later revision follow only after all events of this one.
      this.#toDrop = news.lastRevision > this.#next ? 0 : this.#toDrop - rest.dropped;
      if (rest.left === 0) return undefined;
      this.#onEvents(rest.message, news, news.lastRevision);
      return this.named(rest.message);
    }
    this.#onEvents(message, news, news.lastRevision);
    return this.named(message);
  }

  /** Makes etcd's response to a cancellation, with the header of the member that created the watch last. */
  canceled(): Buffer {
    return cancelResponse(this.#header, this.#known, this.id ?? 0n);
  }

  /** Returns a response with the id that the client knows. */
  named(message: Buffer): Buffer {
    return this.id === undefined || this.id === this.#etcdId ? message : withWatchId(message, this.id);
  }

  /**
   * Asks for progress notifications. Without them, a watch of keys that change rarely would have to continue from a
   * revision that may have been compacted. They do not help a watch whose id is that of the progress of the stream.
   */
  get #progressNotify(): { readonly progressNotify?: true } {
    return this.create.watchId === NO_WATCH ? {} : { progressNotify: true };
  }

  #onEvents(message: Uint8Array, news: WatchNews, last: bigint): void {
    if (news.fragment) {
      this.#had = (last === this.#next ? this.#had : 0) + countEvents(message, last);
      this.#known = last - 1n;
    } else {
      this.#had = 0;
      this.#known = last;
    }
  }

  /**
   * Whether the client has asked for progress, and the progress is not older than what the client has received from
   * another member.
   */
  #onProgress({ headerRevision }: WatchNews): boolean {
    if (headerRevision < this.#known) return false;
    if (headerRevision > this.#known) {
      this.#known = headerRevision;
      this.#had = 0;
      this.#toDrop = 0;
    }
    return this.create.progressNotify;
  }
}
