import { enumOf, messageOf } from "../model/lookup.js";
import type { EnumModel, MessageModel, Model } from "../model/model.js";
import { WELL_KNOWN_FILES } from "../model/well-known.js";
import { codecModule, RUNTIME } from "./output-path.js";
import type { ModuleRef } from "./source/module-ref.js";
import type { SourceFile } from "./source/source-file.js";

/** The name of a message's codec. */
export function codecName({ localName }: MessageModel): string {
  return `${localName}Codec`;
}

/** The name of an enum's table. */
export function enumName({ localName }: EnumModel): string {
  return `${localName}Enum`;
}

/** Imports the codec of a message, unless the file declares it, and returns its local name. */
export function importCodec(model: Model, name: string, source: SourceFile): string {
  const message = messageOf(model, name);
  return source.import(
    WELL_KNOWN_FILES.has(message.file) ? `${ownName(name)}Codec` : codecName(message),
    moduleOf(message.file),
  );
}

/** Imports the table of an enum, unless the file declares it, and returns its local name. */
export function importEnum(model: Model, name: string, source: SourceFile): string {
  const each = enumOf(model, name);
  return source.import(WELL_KNOWN_FILES.has(each.file) ? `${ownName(name)}Enum` : enumName(each), moduleOf(each.file));
}

/** The last part of a full name. The type prefix and suffix do not apply to the runtime's own codecs. */
function ownName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The module with the codecs and tables of a proto file. */
export function moduleOf(file: string): ModuleRef {
  return WELL_KNOWN_FILES.has(file) ? RUNTIME : codecModule(file);
}
