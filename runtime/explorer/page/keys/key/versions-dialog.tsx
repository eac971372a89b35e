import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { ErrorNote } from "../../app/error-note.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Loading, Note } from "../../parts/note.js";
import { sizeText } from "../../parts/size-text.js";
import { tell } from "../../parts/toast.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import { ValueDifference } from "../value/value-difference.js";
import { type End, olderVersions } from "./older-versions.js";

interface VersionsDialogProps {
  readonly store: KeyStore;
  /** The current state of the key. */
  readonly state: KeyState;
  readonly mayRestore: boolean;
  readonly onClose: () => void;
}

/**
 * Shows the versions of a key that etcd still has, each compared with the newest. The user can restore an older one.
 */
export function VersionsDialog({ store, state, mayRestore, onClose }: VersionsDialogProps): JSX.Element {
  // The list shows the versions at the time when it was opened. Later changes are reported beside it.
  const [newest] = useState(state);
  const [versions, setVersions] = useState<readonly KeyState[]>([newest]);
  const [end, setEnd] = useState<End>();
  const [isLoading, setLoading] = useState(false);
  const [chosen, setChosen] = useState<KeyState>();
  const [error, setError] = useState<unknown>();

  const load = useCallback(
    async (before: KeyState) => {
      setLoading(true);
      setError(undefined);
      try {
        const more = await olderVersions(store, before);
        setVersions((known) => [...known, ...more.versions]);
        setChosen((known) => known ?? more.versions[0]);
        setEnd(more.end);
      } catch (error) {
        setError(error);
      } finally {
        setLoading(false);
      }
    },
    [store],
  );
  useEffect(() => void load(newest), [load, newest]);

  async function restore(version: KeyState): Promise<void> {
    try {
      const outcome = await store.update(version.key, version.value, state.modRevision);
      if (!outcome.isDone) {
        setError(
          new Error("The key has just been changed. Nothing was restored. Close this dialog and check the value."),
        );
        return;
      }
      tell(`Version ${version.version} is the newest again, as revision ${outcome.revision}`);
      onClose();
    } catch (error) {
      setError(error);
    }
  }

  const oldest = versions.at(-1);
  return (
    <Dialog title="Versions" onClose={onClose} wide>
      {state.modRevision !== newest.modRevision && (
        <Note kind="warning" title="The key has changed since this list was read" />
      )}
      {error !== undefined && <ErrorNote error={error} />}
      <div class="versions">
        <div>
          <ul class="list" aria-label="Versions">
            {versions.map((version) => (
              <li key={version.modRevision}>
                <button
                  type="button"
                  class="list-item"
                  aria-pressed={version === chosen}
                  disabled={version === newest}
                  onClick={() => setChosen(version)}
                >
                  <span>Version {String(version.version)}</span>
                  <span class="dim small">
                    {version === newest ? "the newest" : `revision ${version.modRevision}`} ·{" "}
                    {sizeText(version.value.length)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {isLoading && <Loading what="Reading versions" />}
          {!isLoading && end === undefined && oldest !== undefined && (
            <Button label="Older versions" onClick={() => void load(oldest)} />
          )}
          {end !== undefined && (
            <p class="dim small">
              {end === "created"
                ? "The key was created with the last of these."
                : "Older versions have been compacted."}
            </p>
          )}
        </div>
        <div class="version-difference">
          {chosen === undefined ? (
            !isLoading && <p class="dim">There is only one version.</p>
          ) : (
            <>
              <p class="dim small">From version {String(chosen.version)} (red) to the newest (green).</p>
              <ValueDifference
                label={`Version ${chosen.version} and the newest`}
                before={chosen.value}
                after={newest.value}
              />
              {mayRestore && (
                <footer class="dialog-foot">
                  <Button
                    label={`Restore version ${chosen.version}`}
                    kind="main"
                    onClick={() => void restore(chosen)}
                  />
                </footer>
              )}
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}
