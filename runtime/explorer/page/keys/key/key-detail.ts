import { type ReadonlySignal, signal } from "@preact/signals";
import type { Binary } from "../../bytes/binary.js";
import type { KeyState } from "../store/key-store.js";
import type { KeyEvent } from "../store/watch-keys.js";
import type { Keyspace } from "../tree/keyspace.js";

/** What the page knows about the chosen key. */
export type Detail =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "there"; readonly state: KeyState }
  /** The key does not exist, or has been deleted. */
  | { readonly kind: "gone"; readonly last: KeyState | undefined };

/** The chosen key, kept up to date. */
export class KeyDetail {
  readonly key: Binary;
  readonly #detail = signal<Detail>({ kind: "loading" });
  readonly #keyspace: Keyspace;
  readonly #deafen: () => void;
  readonly #unsubscribe: () => void;
  #revision = 0n;

  constructor(keyspace: Keyspace, key: Binary) {
    this.key = key;
    this.#keyspace = keyspace;
    this.#deafen = keyspace.listen((event) => {
      if (event.key === key) this.#take(event);
    });
    void this.load();
    // The key may have changed between this read and the first change that the watch reports.
    void keyspace.following.then((first) => {
      if (this.#revision < first) void this.load();
    });
    this.#unsubscribe = keyspace.liveness.subscribe((liveness) => {
      if (liveness === "live" && this.#detail.peek().kind !== "loading") void this.load();
    });
  }

  get detail(): ReadonlySignal<Detail> {
    return this.#detail;
  }

  close(): void {
    this.#deafen();
    this.#unsubscribe();
  }

  /** Reads the key again. Never rejects. */
  async load(): Promise<void> {
    try {
      const { state, revision } = await this.#keyspace.store.read(this.key);
      this.#set(state, revision);
    } catch (error) {
      // What is known already is better than the error. The watch says whether it is up to date.
      if (this.#revision === 0n) this.#detail.value = { kind: "failed", error };
    }
  }

  /** Notes a value that this page has just written. */
  saw(state: KeyState): void {
    this.#set(state, state.modRevision);
  }

  #take({ state, revision }: KeyEvent): void {
    this.#set(state, revision);
  }

  /** Results of reads and events of the watch arrive in any order. The newer one counts. */
  #set(state: KeyState | undefined, revision: bigint): void {
    if (revision < this.#revision) return;
    this.#revision = revision;
    const before = this.#detail.peek();
    if (state !== undefined) {
      const isSame = before.kind === "there" && before.state.modRevision === state.modRevision;
      if (!isSame) this.#detail.value = { kind: "there", state };
      return;
    }
    this.#detail.value = { kind: "gone", last: before.kind === "there" ? before.state : undefined };
  }
}
