import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import { useAction } from "../../parts/action.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Note } from "../../parts/note.js";
import { tell } from "../../parts/toast.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import { ValueDifference } from "../value/value-difference.js";
import { useVersions, VersionList } from "./version-list.js";

interface VersionsDialogProps {
  readonly store: KeyStore;
  /** The key when the dialog was opened, which the versions are compared with. */
  readonly newest: KeyState;
  /** The key at present; `undefined` if it does not exist. */
  readonly current: KeyState | undefined;
  readonly mayRestore: boolean;
  readonly onClose: () => void;
}

/**
 * Shows the versions of a key that etcd still has, each compared with the newest. The user can restore an older one.
 */
export function VersionsDialog({ store, newest, current, mayRestore, onClose }: VersionsDialogProps): JSX.Element {
  const found = useVersions(store, newest);
  const [selected, setSelected] = useState<KeyState>();
  const chosen = selected ?? found.versions[1];
  const restoring = useAction(async (version: KeyState) => {
    const { key, value } = version;
    const outcome = await (current === undefined
      ? store.create(key, value)
      : store.update(key, value, current.modRevision));
    if (!outcome.isDone) {
      throw new Error("The key has just been changed. Nothing was restored. Close this dialog and check the value.");
    }
    tell(`Version ${version.version} is the newest again, as revision ${outcome.revision}`);
    onClose();
  });
  const error = restoring.error ?? found.reading.error;
  return (
    <Dialog title="Versions" onClose={onClose} wide>
      {current === undefined && <Note kind="warning" title="The key has been deleted since this list was read" />}
      {current !== undefined && current.modRevision !== newest.modRevision && (
        <Note kind="warning" title="The key has changed since this list was read" />
      )}
      {error !== undefined && <ErrorNote error={error} />}
      <div class="versions">
        <VersionList {...found} chosen={chosen} onChoose={setSelected} />
        <div class="version-difference">
          {chosen === undefined ? (
            found.end !== undefined && <p class="dim">There is only one version.</p>
          ) : (
            <VersionDifference version={chosen} newest={newest}>
              {mayRestore && (
                <Button
                  label={`Restore version ${chosen.version}`}
                  kind="main"
                  disabled={restoring.isRunning}
                  onClick={() => restoring.run(chosen)}
                />
              )}
            </VersionDifference>
          )}
        </div>
      </div>
    </Dialog>
  );
}

interface VersionDifferenceProps {
  readonly version: KeyState;
  readonly newest: KeyState;
  readonly children: JSX.Element | false;
}

function VersionDifference({ version, newest, children }: VersionDifferenceProps): JSX.Element {
  return (
    <>
      <p class="dim small">From version {String(version.version)} (red) to the newest (green).</p>
      <ValueDifference
        label={`Version ${version.version} and the newest`}
        before={version.value}
        after={newest.value}
      />
      {children !== false && <footer class="dialog-foot">{children}</footer>}
    </>
  );
}
