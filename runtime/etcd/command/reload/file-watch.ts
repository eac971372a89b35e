import { createHash } from "node:crypto";
import { type FSWatcher, readFileSync, watch } from "node:fs";
import { dirname } from "node:path";

/** How long files must be left alone before they are looked at, in milliseconds: a key follows its certificate. */
const SETTLE = 300;

/** How often files are looked at in any case, in milliseconds: not every file system tells of changes. */
const LOOK_AGAIN = 30_000;

/** The content of a file, so that two can be compared; `undefined` while it cannot be read. */
type Digest = string | undefined;

/**
 * Watches files, and tells when the content of one has changed.
 *
 * It watches their folders, as files are often replaced and not written: Kubernetes keeps a volume's files behind a link
 * to a folder, and puts another link in its place.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod
 */
export class FileWatch {
  readonly #files: readonly string[];
  readonly #onChange: (changed: readonly string[]) => void;
  readonly #lookAgain: NodeJS.Timeout;
  #digests: readonly Digest[];
  #watchers: readonly FSWatcher[] = [];
  #settling: NodeJS.Timeout | undefined;

  /** @param onChange told the files whose content is another */
  constructor(
    files: readonly string[],
    onChange: (changed: readonly string[]) => void,
    lookAgain: number = LOOK_AGAIN,
  ) {
    this.#files = files;
    this.#onChange = onChange;
    this.#digests = files.map(digestOf);
    this.#watchFolders();
    this.#lookAgain = setInterval(() => this.#look(), lookAgain).unref();
  }

  close(): void {
    clearInterval(this.#lookAgain);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
  }

  #look(): void {
    // A folder may be another one by now.
    this.#watchFolders();
    const digests = this.#files.map(digestOf);
    const changed = this.#files.filter((_, index) => digests[index] !== this.#digests[index]);
    this.#digests = digests;
    if (changed.length > 0) this.#onChange(changed);
  }

  #watchFolders(): void {
    for (const watcher of this.#watchers) watcher.close();
    const folders = [...new Set(this.#files.map(dirname))];
    this.#watchers = folders.flatMap((folder) => this.#watch(folder) ?? []);
  }

  #watch(folder: string): FSWatcher | undefined {
    try {
      // Without this listener, a folder that cannot be watched any longer would end the process.
      return watch(folder, { persistent: false }, () => this.#settle()).on("error", () => {});
    } catch {
      // There is no such folder now, or the system allows no more watching: then there is the next look.
      return undefined;
    }
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#look(), SETTLE).unref();
  }
}

function digestOf(file: string): Digest {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("base64");
  } catch {
    return undefined;
  }
}
