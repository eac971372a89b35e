import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MessageCodec } from "../../runtime/src/json/codec.js";
import { loadCodecs } from "../conformance/codecs.js";
import { compile } from "../generator/compile.js";

/** Generates the codecs of proto files given as text by their import paths, and loads them. */
export async function generatedCodecs(
  protoFiles: Readonly<Record<string, string>>,
  parameter = "",
): Promise<ReadonlyMap<string, MessageCodec>> {
  const { files } = await compile(protoFiles, parameter);
  // Inside the repository, so that the generated code finds the runtime.
  const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "codecs-"));
  try {
    for (const { path, content } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return await loadCodecs(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
