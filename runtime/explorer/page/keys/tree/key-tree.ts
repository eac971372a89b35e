import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Binary } from "../../bytes/binary.js";
import { prefixEnd, prefixStart } from "../../bytes/binary.js";
import type { KeySource } from "../store/key-source.js";
import { Level } from "./level.js";

/** A visible row of the tree. */
export type Row = EntryRow | RestRow;

/** A key or a folder. */
export interface EntryRow {
  readonly kind: "key" | "folder";
  /** The whole key, or the prefix of the folder. */
  readonly entry: Binary;
  /** The part of the entry after the prefix of its folder. */
  readonly name: Binary;
  readonly depth: number;
  /** For a folder: whether its content is shown below it. */
  readonly isOpen: boolean;
  /** For a folder that has been opened: the number of its keys at that time. */
  readonly count: number | undefined;
}

/** A row that stands for the part of a level that is not loaded. */
export interface RestRow {
  readonly kind: "rest";
  /** The prefix of the level. */
  readonly entry: Binary;
  readonly depth: number;
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** The duration of one frame, in milliseconds. */
const FRAME = 16;

/** Keys as a tree of folders. Each folder is loaded when it is opened. */
export class KeyTree {
  readonly root: Binary;
  readonly separator: Binary;
  /** The rows to show, from top to bottom. */
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly #source: KeySource;
  readonly #levels = new Map<Binary, Level>();
  readonly #open: Set<Binary>;
  readonly #change = signal(0);
  /** Folders that may have lost their last key. */
  readonly #doubtful = new Set<Binary>();
  #isChecking = false;
  #isTelling = false;

  /** @param root the common prefix of all keys in the tree */
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

  /** The number of keys when the tree was loaded. */
  get count(): number | undefined {
    return this.#levels.get(this.root)?.count;
  }

  /**
   * Loads the first level and the open folders, again if they are loaded. The rows stay until then.
   *
   * @param onRevision called with the store's revision of each response
   * @throws the error of the first level
   */
  async start(onRevision: (revision: bigint) => void): Promise<void> {
    const levels = [...this.#open].map((prefix) => new Level(prefix, this.separator, this.#source));
    await Promise.all(levels.map((level) => level.load(onRevision)));
    const failed = levels.find(({ prefix, error }) => prefix === this.root && error !== undefined);
    if (failed !== undefined) throw failed.error;
    this.#levels.clear();
    for (const level of levels) this.#levels.set(level.prefix, level);
    // The user may have opened others in the meantime.
    for (const prefix of this.#open) if (!this.#levels.has(prefix)) this.more(prefix);
    this.#tell();
  }

  /** Loads what could not be loaded. */
  retry(): void {
    for (const [prefix, { error }] of this.#levels) if (error !== undefined) this.more(prefix);
  }

  /** Opens or closes a folder. */
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

  /** Opens the folders that contain a key. */
  reveal(key: Binary): void {
    if (!key.startsWith(this.root)) return;
    for (let level = this.#levelOf(this.root); ; ) {
      const entry = level.entryOf(key);
      if (!level.isFolder(entry)) return;
      this.toggle(entry, true);
      level = this.#levelOf(entry);
    }
  }

  /** Adds a key, if its level is loaded. */
  put(key: Binary): void {
    let isNew = false;
    this.#along(key, (level, entry) => {
      this.#doubtful.delete(entry);
      isNew = level.put(key) || isNew;
    });
    if (isNew) this.#tell();
  }

  /** Removes a key. */
  remove(key: Binary): void {
    let isGone = false;
    this.#along(key, (level, entry) => {
      if (!level.isFolder(entry)) isGone = level.remove(entry) || isGone;
      else if (level.has(entry)) this.#doubtful.add(entry);
    });
    if (isGone) this.#tell();
    void this.#checkDoubtful();
  }

  /** Visits the loaded levels that contain a key, from the root down, with the key's entry in each. */
  #along(key: Binary, visit: (level: Level, entry: Binary) => void): void {
    if (!key.startsWith(this.root)) return;
    let level = this.#levels.get(this.root);
    while (level !== undefined) {
      const entry = level.entryOf(key);
      visit(level, entry);
      level = level.isFolder(entry) ? this.#levels.get(entry) : undefined;
    }
  }

  /** Removes folders that have no keys left. This needs a request for each of them. */
  async #checkDoubtful(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      // Keys that are deleted together arrive as many events.
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const folder of this.#doubtful) {
        this.#doubtful.delete(folder);
        const { count } = await this.#source.scan(prefixStart(folder), prefixEnd(folder), 1);
        if (count === 0) this.#drop(folder);
      }
    } catch {
      // An empty folder in the tree is better than a missing one. Reloading the tree corrects it.
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

  /** Schedules new rows, once for all changes within a frame. */
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
