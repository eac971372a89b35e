import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Icon } from "../../parts/icon.js";
import { Empty } from "../../parts/note.js";
import { LIST, LIST_ITEM, VirtualList } from "../../parts/virtual-list.js";
import type { Keyspace } from "../tree/keyspace.js";
import { search } from "./search.js";

interface SearchPaneProps {
  readonly keyspace: Keyspace;
  readonly chosen: Binary | undefined;
  readonly onChoose: (key: Binary) => void;
}

/** The results of a search so far. */
interface Results {
  readonly found: readonly Binary[];
  readonly looked: number;
  readonly total: number;
  readonly isOver: boolean;
}

/** How long the user must pause typing before the search begins, in milliseconds. */
const PAUSE = 250;

/** Searches the shown keys. */
export function SearchPane({ keyspace, chosen, onChoose }: SearchPaneProps): JSX.Element {
  const [text, setText] = useState("");
  const [inValues, setInValues] = useState(false);
  const [results, setResults] = useState<Results>();
  const [error, setError] = useState<unknown>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
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
  return (
    <>
      <div class="search-form">
        <input
          ref={input}
          class="input"
          type="search"
          aria-label="Text to search for"
          placeholder={inValues ? "In keys and values" : "In keys"}
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={inValues}
            onChange={({ currentTarget }) => setInValues(currentTarget.checked)}
          />
          Values too
        </label>
      </div>
      <p class="search-progress dim small" role="status">
        {results !== undefined && progressText(results)}
      </p>
      {error !== undefined && <ErrorNote error={error} />}
      {results !== undefined && results.found.length > 0 ? (
        <VirtualList
          count={results.found.length}
          attributes={{ ...LIST, "aria-label": "Keys found" }}
          row={(index) => {
            const key = results.found[index] ?? "";
            return (
              <div key={index} class={key === chosen ? "row chosen" : "row"} {...LIST_ITEM}>
                <button type="button" class="row-button" onClick={() => onChoose(key)} title={escapeBytes(key)}>
                  <Icon name="key" />
                  <span class="name">{escapeBytes(key)}</span>
                </button>
              </div>
            );
          }}
        />
      ) : (
        results?.isOver === true && <Empty icon="search" title="Nothing found" />
      )}
    </>
  );
}

function progressText({ found, looked, total, isOver }: Results): string {
  const hits = `${found.length.toLocaleString("en")} found`;
  const of = `${looked.toLocaleString("en")} of ${total.toLocaleString("en")} keys`;
  if (!isOver) return `${hits}, searched ${of}`;
  return looked < total ? `${hits}. The search stopped after ${of}. Use a longer prefix.` : `${hits} in ${of}`;
}
