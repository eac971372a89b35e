import type { DescService } from "@bufbuild/protobuf";
import type { PluginOptions } from "../plugin-options.js";
import type { Diagnostics } from "./diagnostics.js";
import type { Annotations } from "./options/annotations.js";
import type { HttpRules } from "./rules/http-rules.js";
import type { TakenRoutes } from "./rules/taken-routes.js";

/** The shared state of the functions that read a request. */
export interface ReadContext {
  readonly options: PluginOptions;
  readonly diagnostics: Diagnostics;
  readonly annotations: Annotations;
  readonly rules: HttpRules;
  readonly routes: TakenRoutes;
  /** Whether the gateway serves a service. */
  readonly isServed: (service: DescService) => boolean;
}
