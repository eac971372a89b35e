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
import type { KeyState } from "../store/key-store.js";
import type { Keyspace } from "../tree/keyspace.js";
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
  const [opened, setOpened] = useState<"versions" | "delete">();
  const found = detail.detail.value;
  const mayWrite = exposure.can("KV_Txn");
  const close = (): void => setOpened(undefined);
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
      {found.kind === "there" && (
        <>
          <KeyFacts state={found.state}>
            <Button label="Versions" icon="clock" onClick={() => setOpened("versions")} />
            {mayWrite && <Button label="Delete" icon="trash" kind="danger" onClick={() => setOpened("delete")} />}
          </KeyFacts>
          <ValueEditor
            store={keyspace.store}
            state={found.state}
            isReadOnly={!mayWrite}
            onSaved={(state) => detail.saw(state)}
          />
          {opened === "versions" && (
            <VersionsDialog store={keyspace.store} state={found.state} mayRestore={mayWrite} onClose={close} />
          )}
          {opened === "delete" && <DeleteKeyDialog store={keyspace.store} state={found.state} onClose={close} />}
        </>
      )}
    </>
  );
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
