import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Binary, prefixEnd, prefixStart } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { type Action, useAction } from "../../parts/action.js";
import { LIST, LIST_ITEM, VirtualList } from "../../parts/virtual-list.js";
import type { KeyStore } from "../store/key-store.js";

/** The keys with a prefix at one revision. */
export interface Preview {
  /** The first keys. */
  readonly keys: readonly Binary[];
  readonly total: number;
  readonly revision: bigint;
}

/** The maximum number of keys that are shown. */
const SHOWN = 1000;

/** Reads the keys with a prefix. They are read again when the returned action is run. */
export function usePreview(
  store: KeyStore,
  prefix: Binary,
): { readonly preview: Preview | undefined; readonly reading: Action<[]> } {
  const [preview, setPreview] = useState<Preview>();
  const reading = useAction(async () => {
    const { keys, count, revision } = await store.scan(prefixStart(prefix), prefixEnd(prefix), SHOWN);
    setPreview({ keys, total: count, revision });
  });
  useEffect(reading.run, []);
  return { preview, reading };
}

interface PrefixPreviewProps {
  readonly preview: Preview;
  readonly isDeleting: boolean;
}

/** Shows the keys with a prefix. */
export function PrefixPreview({ preview, isDeleting }: PrefixPreviewProps): JSX.Element {
  const { keys, total, revision } = preview;
  return (
    <>
      <p>
        {isDeleting ? "These keys will be deleted: " : ""}
        {total.toLocaleString("en")} {total === 1 ? "key" : "keys"}
        {total > keys.length && `, of which the first ${SHOWN.toLocaleString("en")} are shown`}, as of revision{" "}
        {String(revision)}.
      </p>
      <div class="preview-list">
        <VirtualList
          count={keys.length}
          attributes={{ ...LIST, "aria-label": "Keys with this prefix" }}
          row={(index) => (
            <div key={index} class="row mono" {...LIST_ITEM}>
              {escapeBytes(keys[index] ?? "")}
            </div>
          )}
        />
      </div>
    </>
  );
}
