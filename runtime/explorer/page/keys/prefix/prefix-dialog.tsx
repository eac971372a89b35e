import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import { ErrorNote } from "../../app/error-note.js";
import { type Binary, prefixEnd, prefixStart } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Loading, Note } from "../../parts/note.js";
import { saveFile } from "../../parts/save-file.js";
import { tell } from "../../parts/toast.js";
import { LIST, LIST_ITEM, VirtualList } from "../../parts/virtual-list.js";
import { keyPages } from "../store/key-pages.js";
import type { KeyStore } from "../store/key-store.js";
import { writeKeyLine } from "./key-lines.js";

interface PrefixDialogProps {
  readonly store: KeyStore;
  readonly prefix: Binary;
  readonly onClose: () => void;
  readonly onCreate: (() => void) | undefined;
}

/** The keys with a prefix at one revision, for deletion or export. */
interface Preview {
  /** The first keys. */
  readonly keys: readonly Binary[];
  readonly total: number;
  readonly revision: bigint;
}

/** The maximum number of keys that are shown. */
const SHOWN = 1000;

/** Shows all keys with a prefix, with buttons to export or delete them. */
export function PrefixDialog({ store, prefix, onClose, onCreate }: PrefixDialogProps): JSX.Element {
  const { exposure } = useApp();
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<unknown>();
  const [isChanged, setChanged] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [exported, setExported] = useState<number>();

  async function look(): Promise<void> {
    setError(undefined);
    try {
      const { keys, count, revision } = await store.scan(prefixStart(prefix), prefixEnd(prefix), SHOWN);
      setPreview({ keys, total: count, revision });
    } catch (error) {
      setError(error);
    }
  }
  useEffect(() => void look(), []);

  async function exportAll(): Promise<void> {
    setExported(0);
    try {
      const lines: string[] = [];
      for await (const { states } of keyPages(store, prefix, new AbortController().signal)) {
        for (const state of states) lines.push(`${writeKeyLine(state)}\n`);
        setExported(lines.length);
      }
      saveFile("keys.jsonl", "application/jsonl", lines);
      tell(`Exported ${lines.length.toLocaleString("en")} keys`);
    } catch (error) {
      setError(error);
    } finally {
      setExported(undefined);
    }
  }

  async function removeAll({ revision }: Preview): Promise<void> {
    setError(undefined);
    try {
      const deleted = await store.removeAll(prefix, revision);
      if (deleted === undefined) {
        setDeleting(false);
        setChanged(true);
        await look();
        return;
      }
      tell(`Deleted ${deleted.toLocaleString("en")} keys`);
      onClose();
    } catch (error) {
      setError(error);
    }
  }

  const count = preview?.total.toLocaleString("en");
  return (
    <Dialog title={prefix === "" ? "All keys" : "Keys in this folder"} onClose={onClose}>
      {prefix !== "" && <p class="mono exact">{escapeBytes(prefix)}</p>}
      {isChanged && (
        <Note kind="warning" title="Some of these keys have changed in the meantime">
          <p>Nothing was deleted. The list shows the current keys.</p>
        </Note>
      )}
      {error !== undefined && <ErrorNote error={error} onRetry={() => void look()} />}
      {preview === undefined && error === undefined && <Loading what="Loading the keys" />}
      {preview !== undefined && (
        <>
          <p>
            {isDeleting ? "These keys will be deleted: " : ""}
            {count} {preview.total === 1 ? "key" : "keys"}
            {preview.total > preview.keys.length && `, of which the first ${SHOWN.toLocaleString("en")} are shown`}, as
            of revision {String(preview.revision)}.
          </p>
          <div class="preview-list">
            <VirtualList
              count={preview.keys.length}
              attributes={{ ...LIST, "aria-label": "Keys with this prefix" }}
              row={(index) => (
                <div key={index} class="row mono" {...LIST_ITEM}>
                  {escapeBytes(preview.keys[index] ?? "")}
                </div>
              )}
            />
          </div>
          <footer class="dialog-foot">
            {isDeleting ? (
              <>
                <Button label="Cancel" onClick={() => setDeleting(false)} />
                <Button
                  label={`Delete ${count} keys`}
                  kind="danger"
                  icon="trash"
                  onClick={() => void removeAll(preview)}
                />
              </>
            ) : (
              <>
                {onCreate !== undefined && <Button label="New key here" icon="plus" onClick={onCreate} />}
                <Button
                  label={exported === undefined ? "Export" : `Exporting ${exported.toLocaleString("en")}`}
                  icon="download"
                  disabled={exported !== undefined || preview.total === 0}
                  onClick={() => void exportAll()}
                />
                {exposure.can("KV_Txn") && (
                  <Button
                    label="Delete all"
                    kind="danger"
                    icon="trash"
                    disabled={preview.total === 0}
                    onClick={() => setDeleting(true)}
                  />
                )}
              </>
            )}
          </footer>
        </>
      )}
    </Dialog>
  );
}
