import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import { ErrorNote } from "../../app/error-note.js";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes, unescapeText } from "../../bytes/escape.js";
import { CodeEditor } from "../../editor/code-editor.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { tell } from "../../parts/toast.js";
import type { KeyStore } from "../store/key-store.js";

interface NewKeyDialogProps {
  readonly store: KeyStore;
  /** The initial text of the key's name. */
  readonly prefix: Binary;
  readonly onClose: () => void;
  readonly onCreated: (key: Binary) => void;
}

/** Creates a key with a value. If the user gives a time to live, the key gets its own lease. */
export function NewKeyDialog({ store, prefix, onClose, onCreated }: NewKeyDialogProps): JSX.Element {
  const { etcd, exposure } = useApp();
  const [name, setName] = useState(escapeBytes(prefix));
  const [value, setValue] = useState("");
  const [seconds, setSeconds] = useState("");
  const [problem, setProblem] = useState<string>();
  const [error, setError] = useState<unknown>();

  async function create(): Promise<void> {
    setError(undefined);
    setProblem(undefined);
    let lease = 0n;
    try {
      const key = unescapeText(name);
      if (key === "") throw new SyntaxError("a key must have at least one byte");
      const bytes = new TextEncoder().encode(value);
      if (seconds !== "") lease = (await etcd.lease.leaseGrant({ TTL: BigInt(seconds) })).ID;
      const { isDone } = await store.create(key, bytes, lease);
      if (isDone) {
        tell("Created");
        onClose();
        onCreated(key);
        return;
      }
      setProblem("This key already exists: choose it in the tree to change it");
    } catch (error) {
      if (error instanceof SyntaxError) setProblem(error.message);
      else setError(error);
    }
    // The lease was only for this key, which was not created.
    if (lease !== 0n) await etcd.lease.leaseRevoke({ ID: lease }).catch(() => {});
  }

  return (
    <Dialog title="New key" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <div class="field">
          <label for="new-key">Key</label>
          <input
            id="new-key"
            aria-describedby="new-key-help"
            class="input mono"
            value={name}
            spellcheck={false}
            autocomplete="off"
            aria-invalid={problem !== undefined}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
          <small id="new-key-help" class={problem === undefined ? "dim" : "problem"}>
            {problem ?? "Write any byte as \\x and two hexadecimal digits, and a backslash as two backslashes."}
          </small>
        </div>
        <div class="field">
          Value
          <CodeEditor
            label="Value of the new key"
            text=""
            language="text"
            onChange={setValue}
            onSubmit={() => void create()}
          />
        </div>
        {exposure.can("Lease_LeaseGrant") && (
          <label>
            Time to live, in seconds
            <input
              class="input"
              type="number"
              min="1"
              placeholder="no limit"
              value={seconds}
              onInput={({ currentTarget }) => setSeconds(currentTarget.value)}
            />
          </label>
        )}
        {error !== undefined && <ErrorNote error={error} />}
        <footer class="dialog-foot">
          <Button label="Cancel" onClick={onClose} />
          <Button label="Create" kind="main" type="submit" />
        </footer>
      </form>
    </Dialog>
  );
}
