/**
 * A page to explore an HTTP/JSON API, served by one request handler.
 *
 * @module
 */
export { type ExplorerHandler, explorer } from "./explorer.js";
export type { ExplorerOptions, ExplorerTab } from "./explorer-options.js";
