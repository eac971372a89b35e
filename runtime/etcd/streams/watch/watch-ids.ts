import type { Watcher } from "./watcher.js";

/**
 * The ids by which a client knows the watches of one stream. They stay the same on a new connection, although etcd then
 * chooses anew.
 */
export class WatchIds {
  /** The created watches, by their ids. */
  readonly #watchers = new Map<bigint, Watcher>();
  /**
   * The ids for watches that are not created yet, as far as they are determined, with the number of these watches. A
   * client can choose the same id for several, and etcd then refuses all but the first.
   */
  readonly #planned = new Map<bigint, number>();
  /** The lowest id that etcd would choose next. */
  #next = 0n;
  /** The first id to try when a free one is needed. All lower ids have been assigned. */
  #firstFree = 0n;

  /** The number of watches that have an id. */
  get size(): number {
    return this.#watchers.size;
  }

  /** Returns the watch with an id, or `undefined` if there is none. */
  get(id: bigint): Watcher | undefined {
    return this.#watchers.get(id);
  }

  /** Keeps the id that the client chose for a requested watch, if it chose one. */
  reserve({ create }: Watcher): void {
    if (create.watchId !== 0n) this.#reserve(create.watchId);
  }

  /**
   * Returns the id to request from etcd on a new connection. Otherwise etcd would begin at 0 again and assign ids that
   * the client knows from other watches.
   */
  plan(watcher: Watcher): bigint {
    if (watcher.id !== undefined) return watcher.id;
    if (watcher.create.watchId !== 0n) return watcher.create.watchId;
    if (watcher.plannedId === undefined) {
      watcher.plannedId = this.#free();
      this.#reserve(watcher.plannedId);
    }
    return watcher.plannedId;
  }

  /**
   * Gives an id to a watch that etcd has created, and returns it.
   *
   * @param replayed whether watches have been created on behalf of the client, so that etcd's ids may differ from
   *   those that the client knows
   */
  assign(watcher: Watcher, replayed: boolean): bigint {
    const { create, etcdId, plannedId } = watcher;
    // etcd 3.3 and earlier choose ids themselves, so they may use the planned ones.
    const wanted = !replayed || (create.watchId !== 0n && create.watchId === etcdId) ? etcdId : plannedId;
    const id = wanted === undefined || this.#watchers.has(wanted) ? this.#free() : wanted;
    const isChosen = create.watchId !== 0n && create.watchId === id;
    if (!isChosen && id >= this.#next) this.#next = id + 1n;
    this.#unplan(watcher);
    watcher.id = id;
    this.#watchers.set(id, watcher);
    return id;
  }

  /** Makes the id of a watch that has ended free again, or the one that was planned for it. */
  release(watcher: Watcher): void {
    if (watcher.id === undefined) this.#unplan(watcher);
    else this.#watchers.delete(watcher.id);
  }

  #free(): bigint {
    // Does not search from the beginning for each watch, because there may be tens of thousands.
    let id = this.#next > this.#firstFree ? this.#next : this.#firstFree;
    while (this.#watchers.has(id) || this.#planned.has(id)) id += 1n;
    this.#firstFree = id + 1n;
    return id;
  }

  #reserve(id: bigint): void {
    this.#planned.set(id, (this.#planned.get(id) ?? 0) + 1);
  }

  #unplan({ create, plannedId }: Watcher): void {
    if (create.watchId !== 0n) this.#unreserve(create.watchId);
    if (plannedId !== undefined) this.#unreserve(plannedId);
  }

  #unreserve(id: bigint): void {
    const count = this.#planned.get(id) ?? 0;
    if (count > 1) this.#planned.set(id, count - 1);
    else this.#planned.delete(id);
  }
}
