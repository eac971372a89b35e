import { type ReadonlySignal, signal } from "@preact/signals";
import type { Etcd } from "../../app/bundled-client.js";
import { errorText } from "../../app/error-text.js";
import { type Binary, prefixEnd, prefixStart } from "../../bytes/binary.js";
import { KeyStore } from "../store/key-store.js";
import { type KeyEvent, watchKeys } from "../store/watch-keys.js";
import { KeyTree } from "./key-tree.js";

/** The state of the connection of a keyspace. */
export type Liveness = "loading" | "live" | "lost" | "failed";

/** How long to wait before the keys are read again after a failure, in milliseconds. */
const RETRY_AFTER = 2000;

/** How long the row of a changed key is highlighted, in milliseconds. */
const GLOW = 1600;

/** The maximum number of rows that are highlighted at the same time. */
const MOST_GLOWING = 64;

/** The keys under a prefix, as a tree that follows every change. */
export class Keyspace {
  readonly store: KeyStore;
  readonly tree: KeyTree;
  readonly #liveness = signal<Liveness>("loading");
  readonly #error = signal<unknown>(undefined);
  readonly #revision = signal(0n);
  readonly #glowing = signal<ReadonlySet<Binary>>(new Set());
  readonly #listeners = new Set<(event: KeyEvent) => void>();
  readonly #stop = new AbortController();
  readonly #etcd: Etcd;
  #follow: (first: bigint) => void = () => {};

  /** Resolves with a revision as soon as it is known. The watch reports every change after that revision. */
  readonly following: Promise<bigint> = new Promise((resolve) => {
    this.#follow = resolve;
  });

  constructor(etcd: Etcd, root: Binary, separator: Binary) {
    this.#etcd = etcd;
    this.store = new KeyStore(etcd);
    this.tree = new KeyTree(this.store, root, separator);
  }

  get liveness(): ReadonlySignal<Liveness> {
    return this.#liveness;
  }

  /** Why the keyspace has failed. */
  get error(): ReadonlySignal<unknown> {
    return this.#error;
  }

  /** The newest known revision of the store. */
  get revision(): ReadonlySignal<bigint> {
    return this.#revision;
  }

  /** The keys whose rows are highlighted because they have just changed. */
  get glowing(): ReadonlySignal<ReadonlySet<Binary>> {
    return this.#glowing;
  }

  /** Adds a listener for every change. @returns a function that removes it */
  listen(listener: (event: KeyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Loads the tree, and follows all changes after its revision until the keyspace is closed. After a failure, such as a
   * revision that has been compacted while the connection was lost, it loads the tree again, unless the user lacks the
   * permission. Never rejects.
   */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#loadAndFollow(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#error.value = error;
        this.#liveness.value = "failed";
        if (errorText(error).isForbidden) return;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
    }
  }

  /** @throws what ends the loading or the watch */
  async #loadAndFollow(signal: AbortSignal): Promise<void> {
    let first: bigint | undefined;
    await this.tree.start((revision) => {
      if (first === undefined || revision < first) first = revision;
    });
    if (signal.aborted) return;
    this.#error.value = undefined;
    this.#see(first ?? 0n);
    this.#follow(first ?? 0n);
    const { root } = this.tree;
    const range = { start: prefixStart(root), end: prefixEnd(root), from: (first ?? 0n) + 1n };
    for await (const news of watchKeys(this.#etcd, range, signal)) {
      if (news.kind === "events") {
        this.#see(news.revision);
        for (const event of news.events) this.#take(event);
        continue;
      }
      if (news.kind === "live") this.tree.retry();
      this.#liveness.value = news.kind;
    }
    throw new Error("etcd has ended the watch");
  }

  close(): void {
    this.#stop.abort();
  }

  #see(revision: bigint): void {
    if (revision > this.#revision.peek()) this.#revision.value = revision;
  }

  #take(event: KeyEvent): void {
    if (event.state === undefined) this.tree.remove(event.key);
    else {
      this.tree.put(event.key);
      this.#glow(event.key);
    }
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Highlights a changed key. If many keys change at once, only some are highlighted, which is enough to be noticed.
   */
  #glow(key: Binary): void {
    if (this.#glowing.peek().size >= MOST_GLOWING) return;
    this.#glowing.value = new Set(this.#glowing.peek()).add(key);
    setTimeout(() => {
      const left = new Set(this.#glowing.peek());
      left.delete(key);
      this.#glowing.value = left;
    }, GLOW);
  }
}
