import type { Model } from "../model/model.js";
import type { Output, PluginOptions } from "../plugin-options.js";
import { emitClientFile } from "./client/client-file.js";
import { emitCodecFile } from "./codec/codec-file.js";
import { emitGatewayFile } from "./gateway-file.js";
import { emitIndexFile } from "./index-file.js";
import type { GeneratedFile } from "./source/generated-file.js";

/** Turns the model into the files of code that the options ask for, in the order of the model. */
export function emitCode(model: Model, options: PluginOptions): readonly GeneratedFile[] {
  const wants = (output: Output): boolean => options.outputs.includes(output);
  const files = model.files.flatMap((file) => [
    wants("codecs") ? emitCodecFile(model, file, options) : undefined,
    wants("gateways") ? emitGatewayFile(model, file, options) : undefined,
  ]);
  return [
    ...files.filter((file) => file !== undefined),
    ...(wants("index") ? [emitIndexFile(model, options)] : []),
    ...(options.client === undefined ? [] : [emitClientFile(model, options.client, options)]),
  ];
}
