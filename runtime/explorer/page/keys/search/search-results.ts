import { useEffect, useState } from "preact/hooks";
import type { Binary } from "../../bytes/binary.js";
import type { Keyspace } from "../tree/keyspace.js";
import { search } from "./search.js";

/** The results of a search so far. */
export interface Results {
  readonly found: readonly Binary[];
  readonly looked: number;
  readonly total: number;
  readonly isOver: boolean;
}

/** How long the user must pause typing before the search begins, in milliseconds. */
const PAUSE = 250;

/**
 * Searches the shown keys for a text, as soon as the user pauses typing.
 *
 * @param inValues whether the values are searched too
 */
export function useSearch(
  keyspace: Keyspace,
  text: string,
  inValues: boolean,
): { readonly results: Results | undefined; readonly error: unknown } {
  const [results, setResults] = useState<Results>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    setResults(undefined);
    setError(undefined);
    if (text === "") return;
    const stop = new AbortController();
    async function run(): Promise<void> {
      const found: Binary[] = [];
      let looked = { looked: 0, total: 0 };
      try {
        const query = { text, inValues, prefix: keyspace.tree.root };
        for await (const progress of search(keyspace.store, query, stop.signal)) {
          found.push(...progress.found);
          looked = progress;
          if (stop.signal.aborted) return;
          setResults({ ...looked, found, isOver: false });
        }
        setResults({ ...looked, found, isOver: true });
      } catch (error) {
        if (!stop.signal.aborted) setError(error);
      }
    }
    const waiting = setTimeout(() => void run(), PAUSE);
    return () => {
      clearTimeout(waiting);
      stop.abort();
    };
  }, [text, inValues, keyspace]);
  return { results, error };
}
