import { createRequest, type WatchCreate } from "./watch-request.js";
import { cancelAnswer, countEvents, dropEvents, type WatchNews, withWatchId } from "./watch-response.js";

/** One watch of a stream: which id it has on each side, and how far the client has got with it. */
export class Watcher {
  readonly create: WatchCreate;
  /** The client's number for the request that created it; later ones are greater. */
  readonly order: number;
  /** The id that the client knows; `undefined` until etcd has created it once. */
  id: bigint | undefined;
  /** The id to ask for when it is created anew before the client knows one. */
  plannedId: bigint | undefined;
  /** Whether the client has asked to cancel it. */
  cancelAsked = false;
  /** The id that etcd gave it on the connection under way. */
  #etcdId = 0n;
  #header: Uint8Array = new Uint8Array();
  /** Where it continues on another connection. */
  #next: bigint;
  /** How many events of that revision the client has. */
  #had = 0;
  /** How many of these etcd is yet to repeat on the connection under way. */
  #toDrop = 0;

  constructor(create: WatchCreate, order: number) {
    this.create = create;
    this.order = order;
    this.#next = create.startRevision;
  }

  /** The id that etcd gave it on the connection under way. */
  get etcdId(): bigint {
    return this.#etcdId;
  }

  /**
   * The request that creates it. Progress is asked for in any case: without it a watch of keys that seldom change would
   * soon have to continue from a revision that is compacted.
   */
  request(): Uint8Array {
    return createRequest(this.create, { progressNotify: true });
  }

  /** The request that creates it on another connection, with the id given if the server lets clients choose. */
  requestAnew(id: bigint): Uint8Array {
    this.#toDrop = this.#had;
    return createRequest(this.create, {
      progressNotify: true,
      watchId: id,
      ...(this.id !== undefined && { startRevision: this.#next }),
    });
  }

  /** It was created, for the first time or anew. */
  onCreated(news: WatchNews): void {
    this.#etcdId = news.watchId;
    this.#header = Buffer.from(news.header);
    if (this.id === undefined && this.create.startRevision === 0n) this.#next = news.headerRevision + 1n;
  }

  /** What the client gets of an answer; `undefined` for nothing. */
  onNews(message: Buffer, news: WatchNews): Buffer | undefined {
    if (news.canceled) return this.named(message);
    if (news.lastRevision === undefined) return this.#onProgress(news) ? this.named(message) : undefined;
    if (this.#toDrop > 0) {
      const rest = dropEvents(message, this.#next, this.#toDrop);
      // Events of a later revision follow only when all of this one have come.
      this.#toDrop = news.lastRevision > this.#next ? 0 : this.#toDrop - rest.dropped;
      if (rest.left === 0) return undefined;
      this.#onEvents(rest.message, news, news.lastRevision);
      return this.named(rest.message);
    }
    this.#onEvents(message, news, news.lastRevision);
    return this.named(message);
  }

  /** The answer of the member that created it last to the request to cancel it. */
  canceled(): Buffer {
    return cancelAnswer(this.#header, this.#next - 1n, this.id ?? 0n);
  }

  /** An answer under the id that the client knows. */
  named(message: Buffer): Buffer {
    return this.id === undefined || this.id === this.#etcdId ? message : withWatchId(message, this.id);
  }

  #onEvents(message: Uint8Array, news: WatchNews, last: bigint): void {
    if (news.fragment) {
      this.#had = (last === this.#next ? this.#had : 0) + countEvents(message, last);
      this.#next = last;
    } else {
      this.#had = 0;
      this.#next = last + 1n;
    }
  }

  /** Whether the client has asked for it, and it is no older than what the client knows from another member. */
  #onProgress({ headerRevision }: WatchNews): boolean {
    if (headerRevision + 1n < this.#next) return false;
    if (headerRevision + 1n > this.#next) {
      this.#next = headerRevision + 1n;
      this.#had = 0;
      this.#toDrop = 0;
    }
    return this.create.progressNotify;
  }
}
