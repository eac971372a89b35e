import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ANY_VERSION, ETCD_ORIGINS } from "../etcd-versions.js";
import { executableName, keep, withScratch } from "../kept-servers.js";
import { reportedVersion } from "./reported-version.js";
import type { EtcdBinary, EtcdRequest } from "./request.js";
import { runCommand } from "./run-command.js";

/** The source of releases and the platform to download for. Tests replace it. */
export interface ReleaseSource {
  readonly fetch: typeof fetch;
  /** The URL of the folder that contains one folder per tag. */
  readonly url: string;
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
}

/** etcd's official releases, for this machine. */
export const officialReleases: ReleaseSource = {
  fetch,
  url: "https://github.com/etcd-io/etcd/releases/download",
  platform: process.platform,
  arch: process.arch,
};

/**
 * Downloads etcd's official release, verifies it with the published checksums, and keeps its server.
 *
 * @throws Error if something is missing, or if the download does not match its checksum
 */
export async function downloadRelease(
  folder: string,
  request: EtcdRequest,
  log: (line: string) => void,
  source: ReleaseSource = officialReleases,
): Promise<EtcdBinary> {
  const tag = `v${releaseVersion(request)}`;
  const archive = archiveName(tag, source);
  const url = `${source.url}/${tag}/${archive}`;
  return withScratch(folder, async (scratch) => {
    const expected = checksumOf(archive, await (await get(source, `${source.url}/${tag}/SHA256SUMS`)).text());
    log(`downloading ${url}`);
    const file = join(scratch, archive);
    const actual = await saveAndHash(await get(source, url), file, url);
    if (actual !== expected) {
      throw new Error(`${url} has the SHA-256 checksum ${actual} where ${expected} is published; it is not used`);
    }
    const unpacked = join(scratch, "unpacked");
    await mkdir(unpacked);
    await runCommand("tar", ["-xf", file, "-C", unpacked, "--strip-components=1"]);
    const executable = join(unpacked, executableName);
    const version = await reportedVersion(executable);
    return { path: await keep(folder, executable, "release", version), version, source: `the official release ${tag}` };
  });
}

function releaseVersion({ version = ANY_VERSION }: EtcdRequest): string {
  const release = /^\d+\.\d+\.\d+/.test(version) ? version : ETCD_ORIGINS[version]?.release;
  if (release === undefined) {
    throw new Error(`no release of etcd ${version} is known here; known are ${Object.keys(ETCD_ORIGINS).join(", ")}`);
  }
  return release;
}

function archiveName(tag: string, { platform, arch }: ReleaseSource): string {
  const system = { linux: "linux", darwin: "darwin", win32: "windows" }[platform as string];
  const machine = { x64: "amd64", arm64: "arm64" }[arch as string];
  if (system === undefined || machine === undefined) throw new Error(`etcd has no release for ${platform} on ${arch}`);
  return `etcd-${tag}-${system}-${machine}.${system === "linux" ? "tar.gz" : "zip"}`;
}

function checksumOf(archive: string, sums: string): string {
  for (const line of sums.split("\n")) {
    const [checksum, name] = line.trim().split(/\s+\*?/);
    if (name === archive && checksum !== undefined) return checksum.toLowerCase();
  }
  throw new Error(`SHA256SUMS has no checksum for ${archive}`);
}

async function get(source: ReleaseSource, url: string): Promise<Response> {
  const response = await source.fetch(url, { signal: AbortSignal.timeout(300_000) }).catch((error: unknown) => {
    throw new Error(`${url} cannot be reached: ${reason(error)}`, { cause: error });
  });
  if (!response.ok) throw new Error(`${url} responds with ${response.status} ${response.statusText}`);
  return response;
}

async function saveAndHash(response: Response, file: string, url: string): Promise<string> {
  const hash = createHash("sha256");
  const body = Readable.fromWeb(response.body ?? new ReadableStream());
  body.on("data", (chunk: Uint8Array) => hash.update(chunk));
  await pipeline(body, createWriteStream(file)).catch((error: unknown) => {
    throw new Error(`${url} broke off: ${reason(error)}`, { cause: error });
  });
  return hash.digest("hex");
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
