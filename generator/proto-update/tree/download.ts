import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { UpdateError } from "../update-error.js";
import { decodeText, type SourceTree } from "./source-tree.js";
import { readTar } from "./tar.js";

/** Options of a download of a source archive. */
export interface DownloadOptions {
  /** The platform's `fetch`, or a replacement in tests. */
  readonly fetch: typeof fetch;
  /** Returns the address of the archive of a tag, such as `v3.7.1`. */
  readonly archive: (tag: string) => string;
  /** The time limit for the whole archive, in milliseconds. */
  readonly timeout: number;
}

/** The archives of etcd's tags on GitHub. */
export const GITHUB: DownloadOptions = {
  fetch,
  archive: (tag) => `https://github.com/etcd-io/etcd/archive/refs/tags/${tag}.tar.gz`,
  timeout: 180_000,
};

/** The maximum size of an unpacked archive, in bytes. etcd's are smaller than 100 MB. */
const MAX_UNPACKED = 1 << 30;

/**
 * Returns the tag of a version that a user has written: `v3.7.1` or `3.7.1`, or with a suffix such as `v3.8.0-alpha.0`.
 * Returns undefined for anything else.
 */
export function tagOf(version: string): string | undefined {
  const number = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(version)?.[1];
  return number === undefined ? undefined : `v${number}`;
}

/**
 * Downloads the source archive of a tag and reads it in memory.
 *
 * @throws UpdateError if the tag does not exist, the server cannot be reached or the archive is damaged.
 */
export async function downloadTree(tag: string, options: DownloadOptions = GITHUB): Promise<SourceTree> {
  const address = options.archive(tag);
  const archive = await unpack(await get(address, tag, options), address);
  const files = new Map<string, Buffer>();
  try {
    for (const file of readTar(archive)) {
      // The archive has one folder at its root, which is named after the version.
      files.set(file.path.replace(/^[^/]*\//, ""), file.content);
    }
  } catch (error) {
    throw new UpdateError(`${address}: ${message(error)}; try again`);
  }
  return {
    name: address,
    read(path) {
      const content = files.get(path);
      return Promise.resolve(content && decodeText(content, path));
    },
  };
}

async function get(address: string, tag: string, options: DownloadOptions): Promise<Buffer> {
  try {
    const response = await options.fetch(address, { signal: AbortSignal.timeout(options.timeout) });
    if (response.ok) {
      return Buffer.from(await response.arrayBuffer());
    }
    await response.body?.cancel();
    if (response.status === 404) {
      throw new UpdateError(
        `unknown etcd version ${tag}: ${address} responds with 404; see the tags of etcd's repository`,
      );
    }
    throw new UpdateError(
      `${address} responds with ${response.status} ${response.statusText}; try again, or use --from`,
    );
  } catch (error) {
    if (error instanceof UpdateError) {
      throw error;
    }
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
    throw new UpdateError(
      `cannot download ${address}: ${message(error)}${cause}; get the tree in another way and use --from`,
    );
  }
}

async function unpack(compressed: Buffer, address: string): Promise<Buffer> {
  try {
    return await promisify(gunzip)(compressed, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    throw new UpdateError(`${address} is not a complete gzip archive: ${message(error)}; try again`);
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
