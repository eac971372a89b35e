import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
  Edition,
  CodeGeneratorResponse_Feature as Feature,
} from "@bufbuild/protobuf/wkt";
import { clashingFiles } from "./emit/clashing-files.js";
import { emitCode } from "./emit/code-files.js";
import { emitDescriptions } from "./emit/description/describe.js";
import type { GeneratedFile } from "./emit/source/generated-file.js";
import type { ApiSettings } from "./model/api-settings.js";
import type { Model } from "./model/model.js";
import { visibleModel } from "./model/visible-model.js";
import { type PluginOptions, parseOptions } from "./plugin-options.js";
import { readApiSettings } from "./read/api-settings-file.js";
import { Diagnostics, formatDiagnostic } from "./read/diagnostics.js";
import { readRequest } from "./read/read-request.js";
import { checkServed } from "./read/served-services.js";

/** The result of a run of the plugin. */
export interface PluginResult {
  readonly model: Model;
  /** The files to write. Empty if there are errors. */
  readonly files: readonly GeneratedFile[];
  /** Messages for the user, one line each. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs the plugin: reads the descriptors, builds the model and emits the files. */
export function runPlugin(request: CodeGeneratorRequest): PluginResult {
  const diagnostics = new Diagnostics();
  const options = parseOptions(request.parameter, diagnostics);
  const model = readRequest(request, options, diagnostics);
  const settings = readSettings(options, model, diagnostics);
  const mistakes = diagnostics.errors.map(formatDiagnostic);
  const outputs = mistakes.length > 0 ? [] : outputsOf(model, settings, options, diagnostics);
  const warnings = diagnostics.warnings.map(formatDiagnostic);
  const errors = [...mistakes, ...clashingFiles(outputs, model, options)];
  return { model, files: errors.length > 0 ? [] : outputs, errors, warnings };
}

function outputsOf(
  model: Model,
  settings: ApiSettings,
  options: PluginOptions,
  diagnostics: Diagnostics,
): readonly GeneratedFile[] {
  const visible = visibleModel(model, options.visibility);
  const served = options.hidden === "omit" ? visible : model;
  checkServed(served, options, diagnostics);
  return [...emitCode(served, options), ...emitDescriptions(visible, settings, options)];
}

function readSettings({ api }: PluginOptions, model: Model, diagnostics: Diagnostics): ApiSettings {
  if (api === undefined) return readApiSettings("", undefined, model, diagnostics);
  try {
    return readApiSettings(api, readFileSync(api, "utf8"), model, diagnostics);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    diagnostics.error({ file: api }, `cannot read the file of the plugin option api: ${why}`);
    return readApiSettings(api, undefined, model, diagnostics);
  }
}

/** Returns the response to protoc or buf: all errors at once, or the files. */
export function responseOf({ errors, files }: PluginResult): CodeGeneratorResponse {
  return create(CodeGeneratorResponseSchema, {
    supportedFeatures: BigInt(Feature.PROTO3_OPTIONAL | Feature.SUPPORTS_EDITIONS),
    minimumEdition: Edition.EDITION_PROTO2,
    maximumEdition: Edition.EDITION_2023,
    ...(errors.length > 0
      ? { error: errors.join("\n") }
      : { file: files.map(({ path, content }) => ({ name: path, content })) }),
  });
}
