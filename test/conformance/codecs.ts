import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageCodec } from "../../runtime/core/json/codec.js";

/** Loads all codecs that the generated modules in a folder export. Returns them by full message name. */
export async function loadCodecs(folder: string): Promise<ReadonlyMap<string, MessageCodec>> {
  const codecs = new Map<string, MessageCodec>();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".codec.ts"))) {
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(folder, file)).href);
    for (const value of Object.values(module)) {
      if (value instanceof MessageCodec) codecs.set(value.name, value);
    }
  }
  return codecs;
}
