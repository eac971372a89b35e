import { type ReadonlySignal, signal } from "@preact/signals";
import type { Etcd } from "../../app/etcd-client.js";
import { type Binary, prefixEnd, prefixStart } from "../../bytes/binary.js";
import { KeyStore } from "../store/key-store.js";
import { type KeyEvent, watchKeys } from "../store/watch-keys.js";
import { KeyTree } from "./key-tree.js";

/** How a keyspace is connected. */
export type Liveness = "loading" | "live" | "lost" | "failed";

/** How long the row of a key that has changed shows it, in milliseconds. */
const GLOW = 1600;

/** How many rows show at a time that they have changed. */
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

  /** Resolves with a revision when it is known: every change after it is told. */
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

  /** Why it is not live. */
  get error(): ReadonlySignal<unknown> {
    return this.#error;
  }

  /** The newest revision of the store that is known. */
  get revision(): ReadonlySignal<bigint> {
    return this.#revision;
  }

  /** Keys that have just changed. */
  get glowing(): ReadonlySignal<ReadonlySet<Binary>> {
    return this.#glowing;
  }

  /** Hears of every change. @returns ends that */
  listen(listener: (event: KeyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads the first level, and follows what happens from its revision on until it is closed. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    try {
      let first: bigint | undefined;
      await this.tree.start((revision) => {
        first ??= revision;
      });
      this.#see(first ?? 0n);
      if (signal.aborted) return;
      this.#follow(first ?? 0n);
      const { root } = this.tree;
      const range = { start: prefixStart(root), end: prefixEnd(root), from: (first ?? 0n) + 1n };
      for await (const news of watchKeys(this.#etcd, range, signal)) {
        if (news.kind !== "events") this.#liveness.value = news.kind;
        else {
          this.#see(news.revision);
          for (const event of news.events) this.#take(event);
        }
      }
      if (!signal.aborted) this.#fail(new Error("etcd has ended the watch"));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  close(): void {
    this.#stop.abort();
  }

  #fail(error: unknown): void {
    this.#error.value = error;
    this.#liveness.value = "failed";
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

  /** Of a flood of changes some glow: it is seen that there is one. */
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
