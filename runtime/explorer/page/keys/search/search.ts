import { type Binary, prefixEnd, prefixStart } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { textOf } from "../../bytes/utf8.js";
import { keyPages } from "../store/key-pages.js";
import type { KeyStore } from "../store/key-store.js";

/** What is looked for, and where. */
export interface Query {
  readonly text: string;
  readonly prefix: Binary;
  readonly inValues: boolean;
}

/** How far a search has come. */
export interface Progress {
  /** Found since the last time. */
  readonly found: readonly Binary[];
  /** How many keys have been looked at. */
  readonly looked: number;
  readonly total: number;
}

/** A search in values reads them all: it ends after so many bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What is found beyond is left out. */
const MOST_FOUND = 2000;

/** How many keys are looked at in one request. */
const AT_ONCE = 5000;

/** Looks through keys, and perhaps values, for a text, whose case does not matter. Ends at the limits above. */
export async function* search(store: KeyStore, query: Query, signal: AbortSignal): AsyncGenerator<Progress, void> {
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
