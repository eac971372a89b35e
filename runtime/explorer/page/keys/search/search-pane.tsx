import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Icon } from "../../parts/icon.js";
import { Empty } from "../../parts/note.js";
import { LIST, LIST_ITEM, VirtualList } from "../../parts/virtual-list.js";
import type { Keyspace } from "../tree/keyspace.js";
import { type Results, useSearch } from "./search-results.js";

interface SearchPaneProps {
  readonly keyspace: Keyspace;
  readonly chosen: Binary | undefined;
  readonly onChoose: (key: Binary) => void;
}

/** Searches the shown keys. */
export function SearchPane({ keyspace, chosen, onChoose }: SearchPaneProps): JSX.Element {
  const [text, setText] = useState("");
  const [inValues, setInValues] = useState(false);
  const { results, error } = useSearch(keyspace, text, inValues);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
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
        <FoundKeys found={results.found} chosen={chosen} onChoose={onChoose} />
      ) : (
        results?.isOver === true && <Empty icon="search" title="Nothing found" />
      )}
    </>
  );
}

interface FoundKeysProps {
  readonly found: readonly Binary[];
  readonly chosen: Binary | undefined;
  readonly onChoose: (key: Binary) => void;
}

function FoundKeys({ found, chosen, onChoose }: FoundKeysProps): JSX.Element {
  return (
    <VirtualList
      count={found.length}
      attributes={{ ...LIST, "aria-label": "Keys found" }}
      row={(index) => {
        const key = found[index] ?? "";
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
  );
}

function progressText({ found, looked, total, isOver }: Results): string {
  const hits = `${found.length.toLocaleString("en")} found`;
  const of = `${looked.toLocaleString("en")} of ${total.toLocaleString("en")} keys`;
  if (!isOver) return `${hits}, searched ${of}`;
  return looked < total ? `${hits}. The search stopped after ${of}. Use a longer prefix.` : `${hits} in ${of}`;
}
