import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { type PluginResult, runPlugin } from "../../../generator/plugin/plugin.js";
import { bufExecutable } from "../../../generator/regenerate/buf.js";

const GOOGLE_API = new URL("../../../proto/google", import.meta.url);

/** The plugin's result for proto files given as text. */
export interface Compiled extends PluginResult {
  /** Returns the content of an output file. Throws if there is no such file. */
  file(path: string): string;
}

/**
 * Runs the plugin in this process, on proto files given as text by import path. They can import
 * `google/api/annotations.proto`. Throws if buf finds a mistake in the protos.
 */
export async function compile(protoFiles: Readonly<Record<string, string>>, parameter = ""): Promise<Compiled> {
  const result = runPlugin(await makeRequest(protoFiles, parameter));
  return {
    ...result,
    file(name) {
      const found = result.files.find((file) => file.path === name);
      if (found === undefined) throw new Error(`no ${name} among ${result.files.map((file) => file.path).join(", ")}`);
      return found.content;
    },
  };
}

/** Returns the request that buf would send to the plugin for these files. */
export async function makeRequest(
  protoFiles: Readonly<Record<string, string>>,
  parameter = "",
): Promise<CodeGeneratorRequest> {
  const { file } = await buildImage(protoFiles);
  return create(CodeGeneratorRequestSchema, {
    parameter,
    protoFile: file,
    fileToGenerate: Object.keys(protoFiles).sort(),
    compilerVersion: { major: 1, minor: 75, patch: 0 },
  });
}

async function buildImage(protoFiles: Readonly<Record<string, string>>): Promise<FileDescriptorSet> {
  const folder = await mkdtemp(path.join(tmpdir(), "compile-"));
  try {
    await cp(GOOGLE_API, path.join(folder, "google"), { recursive: true });
    for (const [name, text] of Object.entries(protoFiles)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    const image = path.join(folder, "image.binpb");
    await promisify(execFile)(bufExecutable(), ["build", folder, "-o", image]);
    return fromBinary(FileDescriptorSetSchema, await readFile(image));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
