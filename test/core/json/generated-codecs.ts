import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MessageCodec } from "../../../runtime/core/json/codec.js";
import { loadCodecs } from "../../conformance/codecs.js";
import { compile } from "../../generator/plugin/compile.js";

/** Codecs that the plugin has just generated. */
export interface GeneratedCodecs {
  /**
   * Returns the codec of a message by its full name.
   *
   * @throws Error if there is none
   */
  codec(name: string): MessageCodec;
  /** All codecs by the full names of their messages. */
  readonly types: ReadonlyMap<string, MessageCodec>;
}

/** Generates the codecs of proto files, which are given as texts by their import paths, and loads the codecs. */
export async function generateCodecs(
  protoFiles: Readonly<Record<string, string>>,
  parameter = "",
): Promise<GeneratedCodecs> {
  const { files, errors } = await compile(protoFiles, parameter);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  // This folder is inside the repository, so that the generated code finds the runtime.
  const cache = fileURLToPath(new URL("../../../.cache/", import.meta.url));
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "codecs-"));
  try {
    for (const { path, content } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const types = await loadCodecs(folder);
    return {
      types,
      codec(name) {
        const codec = types.get(name);
        if (codec === undefined) throw new Error(`no ${name} among ${[...types.keys()].join(", ")}`);
        return codec;
      },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
