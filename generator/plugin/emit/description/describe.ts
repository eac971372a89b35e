import type { ApiSettings } from "../../model/api-settings.js";
import type { Model } from "../../model/model.js";
import type { PluginOptions } from "../../plugin-options.js";
import type { GeneratedFile } from "../source/generated-file.js";
import { openapiText } from "./openapi/openapi.js";
import { swaggerText } from "./swagger/swagger.js";

/** Emits the API descriptions that the options ask for. */
export function emitDescriptions(
  model: Model,
  settings: ApiSettings,
  options: PluginOptions,
): readonly GeneratedFile[] {
  const { openapi, swagger } = options;
  return [
    ...(openapi === undefined ? [] : [{ path: openapi, content: openapiText(model, settings, options) }]),
    ...(swagger === undefined ? [] : [{ path: swagger, content: swaggerText(model, settings, options) }]),
  ];
}
