import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { UpdateError } from "./update-error.js";

/** Descriptors of an API of this size are less than 1 MB. */
const MAX_DESCRIPTORS = 1 << 28;

/**
 * Compiles the proto files of a folder with buf. Import paths are relative to it.
 *
 * @throws UpdateError with the compiler's messages.
 */
export function compileFolder(folder: string): Promise<FileRegistry> {
  const buf = createRequire(import.meta.url).resolve("@bufbuild/buf/bin/buf");
  const args = [buf, "build", ".", "--output", "-#format=binpb"];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, encoding: "buffer", maxBuffer: MAX_DESCRIPTORS },
      (error, stdout, stderr) => {
        if (error) {
          const messages = stderr.toString("utf8").trim();
          reject(new UpdateError(messages === "" ? `buf build failed: ${error.message}` : messages));
        } else {
          resolve(createFileRegistry(fromBinary(FileDescriptorSetSchema, stdout)));
        }
      },
    );
  });
}

/**
 * Compiles proto files that are not on disk yet, in a temporary folder.
 *
 * @param files - Texts by import path.
 * @param google - The folder of the `google/...` files that they import.
 * @throws UpdateError with the compiler's messages.
 */
export async function compileFiles(files: ReadonlyMap<string, string>, google: string): Promise<FileRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "etcd-proto-"));
  try {
    await cp(google, join(folder, "google"), { recursive: true });
    await writeFiles(folder, files);
    return await compileFolder(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes texts by their paths below a folder. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
