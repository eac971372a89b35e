import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Action, useAction } from "../../parts/action.js";
import { Button } from "../../parts/button.js";
import { Loading } from "../../parts/note.js";
import { sizeText } from "../../parts/size-text.js";
import type { KeyState, KeyStore } from "../store/key-store.js";
import { type End, olderVersions } from "./older-versions.js";

/** The versions of a key, as far as they have been read. */
export interface Versions {
  /** The versions, newest first. There is at least one. */
  readonly versions: readonly KeyState[];
  /** Why the list ends; `undefined` if there may be more versions. */
  readonly end: End | undefined;
  /** Reads more versions. */
  readonly reading: Action<[]>;
}

/** Reads the versions of a key before the newest one. */
export function useVersions(store: KeyStore, newest: KeyState): Versions {
  const [versions, setVersions] = useState<readonly KeyState[]>([newest]);
  const [end, setEnd] = useState<End>();
  const reading = useAction(async () => {
    const older = await olderVersions(store, versions.at(-1) ?? newest);
    setVersions([...versions, ...older.versions]);
    setEnd(older.end);
  });
  useEffect(reading.run, []);
  return { versions, end, reading };
}

interface VersionListProps extends Versions {
  readonly chosen: KeyState | undefined;
  readonly onChoose: (version: KeyState) => void;
}

/** Lists the versions of a key. The user can choose each, except for the newest. */
export function VersionList({ versions, end, reading, chosen, onChoose }: VersionListProps): JSX.Element {
  return (
    <div>
      <ul class="list" aria-label="Versions">
        {versions.map((version, index) => (
          <li key={version.modRevision}>
            <button
              type="button"
              class="list-item"
              aria-pressed={version === chosen}
              disabled={index === 0}
              onClick={() => onChoose(version)}
            >
              <span>Version {String(version.version)}</span>
              <span class="dim small">
                {index === 0 ? "the newest" : `revision ${version.modRevision}`} · {sizeText(version.value.length)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {reading.isRunning && <Loading what="Reading versions" />}
      {!reading.isRunning && end === undefined && <Button label="Older versions" onClick={reading.run} />}
      {end !== undefined && (
        <p class="dim small">
          {end === "created" ? "The key was created with the last of these." : "Older versions have been compacted."}
        </p>
      )}
    </div>
  );
}
