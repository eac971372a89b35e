import { messageOf } from "../model/lookup.js";
import type { Model } from "../model/model.js";
import { codecModule, RUNTIME } from "./output-path.js";
import type { SourceFile } from "./source-file.js";

/** Imports the codec of a message and returns what it is called in the file. */
export function importCodec(model: Model, message: string, source: SourceFile): string {
  const { localName, file } = messageOf(model, message);
  // The well-known types have JSON forms of their own, which the runtime knows.
  const module = file.startsWith("google/protobuf/") ? RUNTIME : codecModule(file);
  return source.import(`${localName}Codec`, module);
}
