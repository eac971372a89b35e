import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Binary } from "../../bytes/binary.js";
import { prefixEnd, prefixStart } from "../../bytes/binary.js";
import type { KeySource } from "../store/key-source.js";
import { Level } from "./level.js";

/** A line of the tree as it is shown. */
export type Row = EntryRow | RestRow;

/** A key or a folder. */
export interface EntryRow {
  readonly kind: "key" | "folder";
  /** The key, or the folder's prefix. */
  readonly entry: Binary;
  /** What of it is not said by the folders around it. */
  readonly name: Binary;
  readonly depth: number;
  /** Of a folder: whether its level is shown under it. */
  readonly isOpen: boolean;
  /** Of a folder that has been open: how many keys it had then. */
  readonly count: number | undefined;
}

/** Stands for what is not loaded of a level. */
export interface RestRow {
  readonly kind: "rest";
  /** The level's prefix. */
  readonly entry: Binary;
  readonly depth: number;
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** How long a screen shows a picture, in milliseconds. */
const FRAME = 16;

/** Keys as a tree of folders, of which each is loaded when it is opened. */
export class KeyTree {
  readonly root: Binary;
  readonly separator: Binary;
  /** The lines to show, from the top down. */
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly #source: KeySource;
  readonly #levels = new Map<Binary, Level>();
  readonly #open: Set<Binary>;
  readonly #change = signal(0);
  /** Folders that may have lost their last key. */
  readonly #doubtful = new Set<Binary>();
  #isChecking = false;
  #isTelling = false;

  /** @param root the prefix of all keys that are shown */
  constructor(source: KeySource, root: Binary, separator: Binary) {
    this.#source = source;
    this.root = root;
    this.separator = separator;
    this.#open = new Set([root]);
    this.rows = computed(() => {
      this.#change.value;
      const rows: Row[] = [];
      this.#addRows(rows, this.#levelOf(root), 0);
      return rows;
    });
  }

  /** How many keys there are, as of when the tree was loaded. */
  get count(): number | undefined {
    return this.#levels.get(this.root)?.count;
  }

  /** Loads the first level. */
  async start(onRevision: (revision: bigint) => void): Promise<void> {
    const level = this.#levelOf(this.root);
    const loading = level.load(onRevision);
    this.#tell();
    await loading;
    this.#tell();
    if (level.error !== undefined) throw level.error;
  }

  /** Shows what is in a folder, or no longer. */
  toggle(folder: Binary, isOpen: boolean = !this.#open.has(folder)): void {
    if (isOpen) {
      this.#open.add(folder);
      if (!this.#levels.has(folder)) this.more(folder);
    } else this.#open.delete(folder);
    this.#tell();
  }

  /** Loads more of a folder's level. */
  more(folder: Binary): void {
    const level = this.#levelOf(folder);
    if (level.isComplete || level.isLoading) return;
    void level.load().then(() => this.#tell());
    this.#tell();
  }

  /** Opens the folders in which a key is, as far as they are loaded. */
  reveal(key: Binary): void {
    if (!key.startsWith(this.root)) return;
    for (let level = this.#levelOf(this.root); ; ) {
      const entry = level.entryOf(key);
      if (!level.isFolder(entry)) return;
      this.toggle(entry, true);
      level = this.#levelOf(entry);
    }
  }

  /** Notes that a key is there. */
  put(key: Binary): void {
    let isNew = false;
    this.#along(key, (level, entry) => {
      this.#doubtful.delete(entry);
      isNew = level.put(key) || isNew;
    });
    if (isNew) this.#tell();
  }

  /** Notes that a key is gone. */
  remove(key: Binary): void {
    let isGone = false;
    this.#along(key, (level, entry) => {
      if (!level.isFolder(entry)) isGone = level.remove(entry) || isGone;
      else if (level.has(entry)) this.#doubtful.add(entry);
    });
    if (isGone) this.#tell();
    void this.#checkDoubtful();
  }

  /** The loaded levels that a key is in, from the root down, and its entry in each. */
  #along(key: Binary, visit: (level: Level, entry: Binary) => void): void {
    if (!key.startsWith(this.root)) return;
    let level = this.#levels.get(this.root);
    while (level !== undefined) {
      const entry = level.entryOf(key);
      visit(level, entry);
      level = level.isFolder(entry) ? this.#levels.get(entry) : undefined;
    }
  }

  /** Takes out the folders that have no key any more: the only way to know is to look. */
  async #checkDoubtful(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      // What goes together comes as many events.
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const folder of this.#doubtful) {
        this.#doubtful.delete(folder);
        const { count } = await this.#source.scan(prefixStart(folder), prefixEnd(folder), 1);
        if (count === 0) this.#drop(folder);
      }
    } catch {
      // A folder too many is better than one too few. Reloading the tree tells.
    } finally {
      this.#isChecking = false;
    }
  }

  #drop(folder: Binary): void {
    for (const prefix of this.#levels.keys()) if (prefix.startsWith(folder)) this.#levels.delete(prefix);
    for (const prefix of this.#open) if (prefix.startsWith(folder)) this.#open.delete(prefix);
    for (const level of this.#levels.values()) if (folder.startsWith(level.prefix)) level.remove(folder);
    this.#tell();
  }

  #levelOf(prefix: Binary): Level {
    const kept = this.#levels.get(prefix);
    if (kept !== undefined) return kept;
    const level = new Level(prefix, this.separator, this.#source);
    this.#levels.set(prefix, level);
    return level;
  }

  /** Has the rows made anew, once for all that happens in the time of a frame. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setTimeout(() => {
      this.#isTelling = false;
      this.#change.value++;
    }, FRAME);
  }

  #addRows(rows: Row[], level: Level, depth: number): void {
    for (const entry of level.entries) {
      const isFolder = level.isFolder(entry);
      const isOpen = isFolder && this.#open.has(entry);
      const name = entry.slice(level.prefix.length);
      const inner = isFolder ? this.#levels.get(entry) : undefined;
      rows.push({ kind: isFolder ? "folder" : "key", entry, name, depth, isOpen, count: inner?.count });
      if (isOpen && inner !== undefined) this.#addRows(rows, inner, depth + 1);
    }
    if (!level.isComplete) {
      rows.push({ kind: "rest", entry: level.prefix, depth, isLoading: level.isLoading, error: level.error });
    }
  }
}
