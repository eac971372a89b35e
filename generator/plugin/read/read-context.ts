import type { DescService, FileRegistry } from "@bufbuild/protobuf";
import type { PluginOptions } from "../options.js";
import type { Diagnostics } from "./diagnostics.js";
import type { RouteTable } from "./route-table.js";

/** What reading one request shares. */
export interface ReadContext {
  /** Every descriptor of the request. */
  readonly registry: FileRegistry;
  readonly options: PluginOptions;
  readonly diagnostics: Diagnostics;
  readonly routes: RouteTable;
  /** Whether a service is to be served. */
  readonly isServed: (service: DescService) => boolean;
}
