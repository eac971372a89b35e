import { messageOf } from "../model/lookup.js";
import type { MessageModel, Model } from "../model/model.js";
import { codecModule, RUNTIME } from "./output-path.js";
import type { SourceFile } from "./source-file.js";

/** The name of a message's codec. */
export function codecName({ localName }: MessageModel): string {
  return `${localName}Codec`;
}

/** Imports the codec of a message and returns what it is called in the file. */
export function importCodec(model: Model, name: string, source: SourceFile): string {
  const message = messageOf(model, name);
  // The well-known types have JSON forms of their own, which the runtime knows.
  const wellKnown = message.file.startsWith("google/protobuf/");
  return source.import(codecName(message), wellKnown ? RUNTIME : codecModule(message.file));
}
