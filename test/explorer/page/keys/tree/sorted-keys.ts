import { type Binary, isBefore } from "../../../../../runtime/explorer/page/bytes/binary.js";
import type { KeySource, Scan } from "../../../../../runtime/explorer/page/keys/store/key-source.js";

/** Sorted keys in memory, like etcd's. Counts the requests. */
export class SortedKeys implements KeySource {
  readonly #keys = new Set<Binary>();
  /** The number of scans. */
  scans = 0;

  constructor(keys: readonly Binary[] = []) {
    for (const key of keys) this.#keys.add(key);
  }

  get all(): readonly Binary[] {
    return [...this.#keys].sort();
  }

  put(key: Binary): void {
    this.#keys.add(key);
  }

  remove(key: Binary): void {
    this.#keys.delete(key);
  }

  async scan(start: Binary, end: Binary, limit: number): Promise<Scan> {
    this.scans += 1;
    const found = this.all.filter((key) => key >= start && isBefore(key, end));
    return { keys: found.slice(0, limit), more: found.length > limit, count: found.length, revision: 7n };
  }
}
