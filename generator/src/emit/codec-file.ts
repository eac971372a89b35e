import { messageOf } from "../model/lookup.js";
import type { FileModel, Model } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import type { GeneratedFile } from "./generated-file.js";
import { codecName } from "./import-codec.js";
import { RUNTIME, stem } from "./output-path.js";
import { SourceFile } from "./source-file.js";

/** The file with the JSON codecs of a file's messages; `undefined` if it declares none. */
export function emitCodecFile(model: Model, file: FileModel, options: PluginOptions): GeneratedFile | undefined {
  if (file.messages.length === 0) return undefined;
  const names = file.messages.map((name) => codecName(messageOf(model, name)));
  const source = new SourceFile(`${stem(file.path)}.codec.ts`, [file.path], names, options);
  const type = source.importType("MessageCodec", RUNTIME);
  for (const name of names) source.add(`export declare const ${name}: ${type};`);
  return source.build();
}
