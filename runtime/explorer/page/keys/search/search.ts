import { type Binary, prefixEnd, prefixStart } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { textOf } from "../../bytes/utf8-text.js";
import { keyPages } from "../store/key-pages.js";
import type { KeyStore } from "../store/key-store.js";

/** The text to search for, and where. */
export interface Query {
  readonly text: string;
  readonly prefix: Binary;
  readonly inValues: boolean;
}

/** The progress of a search. */
export interface SearchProgress {
  /** The keys found since the last report. */
  readonly found: readonly Binary[];
  /** The number of searched keys. */
  readonly looked: number;
  readonly total: number;
}

/** The maximum number of bytes that a search in values reads. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The number of results after which the search ends. */
const MOST_FOUND = 2000;

/** The number of keys that are read in one request. */
const AT_ONCE = 5000;

/** Searches keys, and optionally values, for a text, ignoring case. Ends at the limits above. */
export async function* search(
  store: KeyStore,
  query: Query,
  signal: AbortSignal,
): AsyncGenerator<SearchProgress, void> {
  const wanted = query.text.toLowerCase();
  const isInKey = (key: Binary): boolean => escapeBytes(key).toLowerCase().includes(wanted);
  let looked = 0;
  let found = 0;
  if (!query.inValues) {
    const end = prefixEnd(query.prefix);
    let start = prefixStart(query.prefix);
    let total: number | undefined;
    while (!signal.aborted) {
      const { keys, more, count } = await store.scan(start, end, AT_ONCE);
      const matching = keys.filter(isInKey);
      looked += keys.length;
      found += matching.length;
      total ??= count;
      yield { found: matching, looked, total };
      const last = keys.at(-1);
      if (!more || last === undefined || found >= MOST_FOUND) return;
      start = `${last}\0`;
    }
    return;
  }
  let bytes = 0;
  for await (const { states, total } of keyPages(store, query.prefix, signal)) {
    const matching = states.filter(
      ({ key, value }) => isInKey(key) || textOf(value)?.toLowerCase().includes(wanted) === true,
    );
    looked += states.length;
    found += matching.length;
    bytes += states.reduce((sum, { value }) => sum + value.length, 0);
    yield { found: matching.map(({ key }) => key), looked, total };
    if (found >= MOST_FOUND || bytes >= MOST_BYTES) return;
  }
}
