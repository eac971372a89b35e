import { type Binary, prefixEnd, prefixStart } from "../../bytes/binary.js";
import type { KeyState, KeyStore } from "./key-store.js";

/** A page of keys with their values. */
export interface Page {
  readonly states: readonly KeyState[];
  /** The total number of keys with the prefix. */
  readonly total: number;
  /** The revision of all pages. */
  readonly revision: bigint;
}

/** The desired size of a page in bytes, and the minimum and maximum number of its keys. */
const SIZE = 1024 * 1024;
const LEAST = 4;
const MOST = 1000;

/** Reads all keys with a prefix at one revision, in pages of about a megabyte. */
export async function* keyPages(store: KeyStore, prefix: Binary, signal: AbortSignal): AsyncGenerator<Page, void> {
  const end = prefixEnd(prefix);
  let start = prefixStart(prefix);
  let revision = 0n;
  let limit = 32;
  let total: number | undefined;
  for (;;) {
    const page = await store.page({ start, end, limit, revision }, signal);
    const { states } = page;
    revision = page.revision;
    total ??= page.count;
    yield { states, total, revision };
    const last = states.at(-1);
    if (!page.more || last === undefined) return;
    start = `${last.key}\0`;
    const bytes = states.reduce((sum, { key, value }) => sum + key.length + value.length + 50, 0);
    limit = Math.round(Math.min(MOST, limit * 4, Math.max(LEAST, (SIZE * states.length) / bytes)));
  }
}
