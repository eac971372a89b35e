import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { bufExecutable } from "../regenerate/buf.js";
import { UpdateError } from "./update-error.js";

/** The maximum size of buf's output, in bytes. The descriptors of etcd's API take less than 1 MB. */
const MAX_DESCRIPTORS = 1 << 28;

/**
 * Compiles the proto files of a folder with buf. Import paths are relative to the folder.
 *
 * @throws UpdateError with the compiler's messages.
 */
export async function compileFolder(folder: string): Promise<FileRegistry> {
  const descriptors = await outputOfBuf(folder, "build", ".", "--output", "-#format=binpb");
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
}

/**
 * Compiles proto files that are not on disk, in a temporary folder.
 *
 * @param files - The texts by import path.
 * @param google - The folder of the `google/...` files that they import.
 * @throws UpdateError with the compiler's messages.
 */
export function compileFiles(files: ReadonlyMap<string, string>, google: string): Promise<FileRegistry> {
  return inTemporaryFolder(async (folder) => {
    await cp(google, join(folder, "google"), { recursive: true });
    await writeFiles(folder, files);
    return await compileFolder(folder);
  });
}

/**
 * Formats proto files with `buf format`, which puts each declaration on its own line.
 *
 * @param files - The texts by import path.
 * @throws UpdateError with buf's messages if a text is not valid proto.
 */
export function formatFiles(files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  return inTemporaryFolder(async (folder) => {
    await writeFiles(folder, files);
    await outputOfBuf(folder, "format", "--write");
    const formatted = new Map<string, string>();
    for (const path of files.keys()) {
      formatted.set(path, await readFile(join(folder, path), "utf8"));
    }
    return formatted;
  });
}

/** Writes texts to their paths below a folder. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function inTemporaryFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "etcd-proto-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs buf, and returns its standard output. */
function outputOfBuf(folder: string, ...args: string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      bufExecutable(),
      args,
      { cwd: folder, encoding: "buffer", maxBuffer: MAX_DESCRIPTORS },
      (error, stdout, stderr) => {
        if (error) {
          const messages = stderr.toString("utf8").trim();
          reject(new UpdateError(messages === "" ? `buf ${args[0] ?? ""} failed: ${error.message}` : messages));
        } else {
          resolve(stdout);
        }
      },
    );
  });
}
