import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import type { Etcd } from "../../app/bundled-client.js";
import { ErrorNote } from "../../app/error-note.js";
import type { Binary } from "../../bytes/binary.js";
import { escapeBytes, unescapeText } from "../../bytes/escape.js";
import { CodeEditor } from "../../editor/code-editor.js";
import { useAction } from "../../parts/action.js";
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
  const form = useRef<HTMLFormElement>(null);
  const creation = useAction(async () => {
    const key = unescapeText(name);
    if (key === "") throw new SyntaxError("a key must have at least one byte");
    const bytes = new TextEncoder().encode(value);
    if (!(await createWithLease(etcd, store, { key, value: bytes, seconds: Number(seconds) }))) {
      throw new SyntaxError("This key already exists: choose it in the tree to change it");
    }
    tell("Created");
    onClose();
    onCreated(key);
  });
  const problem = creation.error instanceof SyntaxError ? creation.error.message : undefined;
  return (
    <Dialog title="New key" onClose={onClose}>
      <form
        ref={form}
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          creation.run();
        }}
      >
        <NameField name={name} problem={problem} onName={setName} />
        <div class="field">
          Value
          <CodeEditor
            label="Value of the new key"
            text={value}
            language="text"
            onChange={setValue}
            onSubmit={() => form.current?.requestSubmit()}
          />
        </div>
        {exposure.can("Lease_LeaseGrant") && <TimeToLiveField seconds={seconds} onSeconds={setSeconds} />}
        {creation.error !== undefined && problem === undefined && <ErrorNote error={creation.error} />}
        <footer class="dialog-foot">
          <Button label="Cancel" onClick={onClose} />
          <Button label="Create" kind="main" type="submit" disabled={creation.isRunning} />
        </footer>
      </form>
    </Dialog>
  );
}

interface TimeToLiveFieldProps {
  readonly seconds: string;
  readonly onSeconds: (seconds: string) => void;
}

function TimeToLiveField({ seconds, onSeconds }: TimeToLiveFieldProps): JSX.Element {
  return (
    <label>
      Time to live, in seconds
      <input
        class="input"
        type="number"
        min="1"
        placeholder="no limit"
        value={seconds}
        onInput={({ currentTarget }) => onSeconds(currentTarget.value)}
      />
    </label>
  );
}

interface NameFieldProps {
  readonly name: string;
  /** What is wrong with the name. */
  readonly problem: string | undefined;
  readonly onName: (name: string) => void;
}

function NameField({ name, problem, onName }: NameFieldProps): JSX.Element {
  return (
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
        onInput={({ currentTarget }) => onName(currentTarget.value)}
      />
      <small id="new-key-help" class={problem === undefined ? "dim" : "problem"}>
        {problem ?? "Write any byte as \\x and two hexadecimal digits, and a backslash as two backslashes."}
      </small>
    </div>
  );
}

/** A key to create. */
interface NewKey {
  readonly key: Binary;
  readonly value: Uint8Array;
  /** The time to live; zero for none. */
  readonly seconds: number;
}

/** Creates a key, with its own lease if it has a time to live. @returns whether the key did not exist */
async function createWithLease(etcd: Etcd, store: KeyStore, { key, value, seconds }: NewKey): Promise<boolean> {
  const lease = seconds > 0 ? (await etcd.lease.leaseGrant({ TTL: BigInt(seconds) })).ID : 0n;
  let isDone = false;
  try {
    ({ isDone } = await store.create(key, value, lease));
  } finally {
    // The lease was only for this key, which was not created.
    if (!isDone && lease !== 0n) await etcd.lease.leaseRevoke({ ID: lease }).catch(() => {});
  }
  return isDone;
}
