import type { Model } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import { emitCodecFile } from "./codec-file.js";
import { emitGatewayFile } from "./gateway-file.js";
import type { GeneratedFile } from "./generated-file.js";
import { emitIndexFile } from "./index-file.js";

/** Turns the model into files, in the order of its own. */
export function emit(model: Model, options: PluginOptions): readonly GeneratedFile[] {
  const files = model.files.flatMap((file) => [
    emitCodecFile(model, file, options),
    emitGatewayFile(model, file, options),
  ]);
  return [...files.filter((file) => file !== undefined), emitIndexFile(model, options)];
}
