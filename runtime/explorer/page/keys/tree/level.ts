import { type Binary, isBefore, prefixEnd, prefixStart } from "../../bytes/binary.js";
import type { KeySource } from "../store/key-source.js";

/** The number of entries that are loaded at a time. */
const PAGE = 500;

/** The minimum and maximum number of keys in one request. */
const LIMITS = { least: 16, most: 1000 } as const;

/**
 * The entries directly under a prefix: keys and folders. A folder stands for all further keys with the same prefix up
 * to the separator. An entry is a whole key, or a whole prefix that ends in the separator.
 *
 * After the first key of a folder, loading skips to the first key after the folder. So a folder with 100,000 keys costs
 * as much as a folder with one.
 */
export class Level {
  readonly prefix: Binary;
  readonly #separator: Binary;
  readonly #source: KeySource;
  #entries: Binary[] = [];
  /** The first key that has not been read; `undefined` when all have been. */
  #next: Binary | undefined;
  #limit = 128;
  #loading: Promise<void> | undefined;
  #error: unknown;
  #count: number | undefined;

  constructor(prefix: Binary, separator: Binary, source: KeySource) {
    this.prefix = prefix;
    this.#separator = separator;
    this.#source = source;
    this.#next = prefixStart(prefix);
  }

  /** The loaded entries, in byte order. */
  get entries(): readonly Binary[] {
    return this.#entries;
  }

  get isComplete(): boolean {
    return this.#next === undefined;
  }

  get isLoading(): boolean {
    return this.#loading !== undefined;
  }

  /** Why the last attempt to load failed. */
  get error(): unknown {
    return this.#error;
  }

  /** The number of keys under the prefix at any depth when the level was loaded. */
  get count(): number | undefined {
    return this.#count;
  }

  isFolder(entry: Binary): boolean {
    return this.#separator !== "" && entry.length > this.prefix.length && entry.endsWith(this.#separator);
  }

  /** Returns the entry for a key under the prefix: the key itself or its folder. */
  entryOf(key: Binary): Binary {
    if (this.#separator === "") return key;
    const at = key.indexOf(this.#separator, this.prefix.length);
    return at === -1 ? key : key.slice(0, at + this.#separator.length);
  }

  /**
   * Loads the next entries. Never rejects. If loading fails, {@link error} says why, and the next call tries again.
   *
   * @param onRevision called with the store's revision of each response
   */
  load(onRevision: (revision: bigint) => void = () => {}): Promise<void> {
    this.#loading ??= this.#loadPage(onRevision)
      .then(
        () => {
          this.#error = undefined;
        },
        (error: unknown) => {
          this.#error = error;
        },
      )
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  async #loadPage(onRevision: (revision: bigint) => void): Promise<void> {
    const end = prefixEnd(this.prefix);
    for (let found = 0; found < PAGE && this.#next !== undefined; ) {
      const start = this.#next;
      const { keys, more, count, revision } = await this.#source.scan(start, end, this.#limit);
      onRevision(revision);
      this.#count ??= count;
      const before = this.#entries.length;
      for (const key of keys) this.#insert(this.entryOf(key));
      const added = this.#entries.length - before;
      found += added;
      this.#limit = limitAfter(this.#limit, added, keys.length);
      this.#next = more ? behind(this.entryOf(keys.at(-1) ?? start), this, end) : undefined;
    }
  }

  /** Adds a key. @returns whether its entry is new */
  put(key: Binary): boolean {
    // Keys beyond the loaded part are read later.
    if (this.#next !== undefined && key >= this.#next) return false;
    return this.#insert(this.entryOf(key));
  }

  /** Removes an entry. @returns whether it was there */
  remove(entry: Binary): boolean {
    const at = this.#placeOf(entry);
    if (this.#entries[at] !== entry) return false;
    this.#entries.splice(at, 1);
    return true;
  }

  has(entry: Binary): boolean {
    return this.#entries[this.#placeOf(entry)] === entry;
  }

  #insert(entry: Binary): boolean {
    // Keys arrive in order, so most belong at the end.
    const last = this.#entries.at(-1);
    if (last === undefined || last < entry) {
      this.#entries.push(entry);
      return true;
    }
    const at = this.#placeOf(entry);
    if (this.#entries[at] === entry) return false;
    this.#entries.splice(at, 0, entry);
    return true;
  }

  /** Returns the index of the first entry that is not less than the given one. */
  #placeOf(entry: Binary): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] ?? "") < entry) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Returns the number of keys for the next request: fewer if most keys were in one folder, more if each was an entry.
 */
function limitAfter(limit: number, added: number, got: number): number {
  if (added * 8 < got) return Math.max(LIMITS.least, limit >> 2);
  if (added * 2 > got) return Math.min(LIMITS.most, limit * 2);
  return limit;
}

/** Returns the first key that can follow an entry; `undefined` if none can. */
function behind(entry: Binary, level: Level, end: Binary): Binary | undefined {
  if (!level.isFolder(entry)) return `${entry}\0`;
  const next = prefixEnd(entry);
  return next !== "\0" && isBefore(next, end) ? next : undefined;
}
