import { createHash } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import { readRegularFile } from "../regular-file.js";

/**
 * How long files must remain unchanged before they are read, in milliseconds. For example, a key is written after its
 * certificate.
 */
const SETTLE = 300;

/** The interval of unconditional checks, in milliseconds, because some file systems do not report changes. */
const LOOK_AGAIN = 30_000;

/** A digest of the content of a file, for comparisons, or `undefined` while the file cannot be read. */
type Digest = string | undefined;

/**
 * Watches files, and reports when the content of one has changed.
 *
 * It watches their folders, because files are often replaced instead of written. For example, Kubernetes keeps the
 * files of a volume behind a link to a folder, and replaces the link.
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

  /** @param onChange called with the files whose content has changed */
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
    // The folder may have been replaced.
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
      // Without this listener, an error of the watcher would end the process.
      return watch(folder, { persistent: false }, () => this.#settle()).on("error", () => {});
    } catch {
      // The folder does not exist, or the system allows no more watchers. The next check will find changes.
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
    return createHash("sha256").update(readRegularFile(file)).digest("base64");
  } catch {
    return undefined;
  }
}
