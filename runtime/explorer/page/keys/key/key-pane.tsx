import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import { ErrorNote } from "../../app/error-note.js";
import { errorText } from "../../app/error-text.js";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button, IconButton } from "../../parts/button.js";
import { copyText } from "../../parts/clipboard.js";
import { Empty, Loading, Note } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import type { Keyspace } from "../tree/keyspace.js";
import { draftOf } from "../value/drafts.js";
import { ValueEditor } from "../value/value-editor.js";
import { DeleteKeyDialog } from "./delete-key-dialog.js";
import { KeyDetail } from "./key-detail.js";
import { KeyFacts } from "./key-facts.js";
import { VersionsDialog } from "./versions-dialog.js";

interface KeyPaneProps {
  readonly keyspace: Keyspace;
  readonly chosen: Binary | undefined;
  readonly onClose: () => void;
}

/** Shows the chosen key, with buttons for what the user can do with it. */
export function KeyPane({ keyspace, chosen, onClose }: KeyPaneProps): JSX.Element {
  return (
    <section class="pane key-pane" aria-label="Chosen key">
      {chosen === undefined ? (
        <Empty icon="key" title="Choose a key">
          <p>Its value, versions and lease are shown here and stay up to date.</p>
        </Empty>
      ) : (
        <ChosenKey keyspace={keyspace} chosen={chosen} onClose={onClose} />
      )}
    </section>
  );
}

function ChosenKey({ keyspace, chosen, onClose }: KeyPaneProps & { readonly chosen: Binary }): JSX.Element {
  const { exposure } = useApp();
  const detail = useMemo(() => new KeyDetail(keyspace, chosen), [keyspace, chosen]);
  useEffect(() => () => detail.close(), [detail]);
  const [opened, setOpened] = useState<Opened>();
  const found = detail.detail.value;
  const draft = draftOf(chosen);
  const current = found.kind === "there" ? found.state : undefined;
  // An unsaved change can still be saved after the key was deleted.
  const edited = current ?? (found.kind === "gone" && draft !== undefined ? (found.last ?? draft.base) : undefined);
  const mayWrite = exposure.can("KV_Txn");
  const name = escapeBytes(chosen);
  return (
    <>
      <header class="key-head">
        <IconButton label="Back to the keys" icon="back" onClick={onClose} />
        <h2 class="mono key-name">{name === "" ? "(empty)" : name}</h2>
        <IconButton label="Copy the key" icon="copy" onClick={() => void copyText(name)} />
      </header>
      {found.kind === "loading" && <Loading what="Reading the key" />}
      {found.kind === "failed" && <ErrorNote error={found.error} onRetry={() => void detail.load()} />}
      {found.kind === "gone" && (
        <Gone last={found.last} onRestore={mayWrite ? (last) => void restore(keyspace, last) : undefined} />
      )}
      {current !== undefined && (
        <KeyFacts state={current}>
          <Button label="Versions" icon="clock" onClick={() => setOpened({ kind: "versions", state: current })} />
          {mayWrite && (
            <Button
              label="Delete"
              icon="trash"
              kind="danger"
              onClick={() => setOpened({ kind: "delete", state: current })}
            />
          )}
        </KeyFacts>
      )}
      {edited !== undefined && (
        <ValueEditor
          store={keyspace.store}
          state={edited}
          isReadOnly={!mayWrite}
          onSaved={(state) => detail.saw(state)}
        />
      )}
      {opened !== undefined && (
        <OpenedDialog
          opened={opened}
          store={keyspace.store}
          current={current}
          mayWrite={mayWrite}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  );
}

/** The open dialog, and the key when it was opened. */
interface Opened {
  readonly kind: "versions" | "delete";
  readonly state: KeyState;
}

interface OpenedDialogProps {
  readonly opened: Opened;
  readonly store: KeyStore;
  /** The key at present; `undefined` if it does not exist. */
  readonly current: KeyState | undefined;
  readonly mayWrite: boolean;
  readonly onClose: () => void;
}

function OpenedDialog({ opened: { kind, state }, store, current, mayWrite, onClose }: OpenedDialogProps): JSX.Element {
  if (kind === "delete") return <DeleteKeyDialog store={store} asked={state} current={current} onClose={onClose} />;
  return <VersionsDialog store={store} newest={state} current={current} mayRestore={mayWrite} onClose={onClose} />;
}

interface GoneProps {
  readonly last: KeyState | undefined;
  readonly onRestore: ((last: KeyState) => void) | undefined;
}

function Gone({ last, onRestore }: GoneProps): JSX.Element {
  if (last === undefined) {
    return (
      <Empty icon="key" title="This key does not exist">
        <p>It appears here as soon as it is written.</p>
      </Empty>
    );
  }
  return (
    <Note kind="warning" title="This key has been deleted">
      <p>Its last value was written at revision {String(last.modRevision)}.</p>
      {onRestore !== undefined && (
        <div class="buttons">
          <Button label="Create it again with that value" icon="back" onClick={() => onRestore(last)} />
        </div>
      )}
    </Note>
  );
}

async function restore({ store }: Keyspace, { key, value }: KeyState): Promise<void> {
  try {
    const { isDone } = await store.create(key, value);
    if (isDone) tell("The key was created again, without a lease");
  } catch (error) {
    tell(errorText(error).text, "bad");
  }
}
