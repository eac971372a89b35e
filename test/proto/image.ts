import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { bufExecutable } from "../../generator/regenerate/buf.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Compiles `proto/` with buf and returns its files, comments and all. */
export function buildImage(): FileRegistry {
  const image = execFileSync(bufExecutable(), ["build", "proto", "-o", "-#format=bin"], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
}
