import type { FileModel, Model } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import type { GeneratedFile } from "./generated-file.js";

/** The file with the JSON codecs of a file's messages; `undefined` if it declares none. */
export function emitCodecFile(_model: Model, _file: FileModel, _options: PluginOptions): GeneratedFile | undefined {
  return undefined;
}
