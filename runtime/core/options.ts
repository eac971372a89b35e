/**
 * What packages that build on this one share with it to have options: the kinds of options, those of a gateway, and
 * warnings. It changes with any version.
 *
 * @module
 */
export { warnOf } from "./errors/gateway-warning.js";
export { CLOSE_GRACE } from "./gateway/close-grace.js";
export {
  BYTES,
  FORWARD_HEADERS,
  GATEWAY_STREAMS,
  GROUP_TEXTS,
  INTERCEPTORS,
  METADATA,
  ON_ERROR,
  RESPONSES,
  UNBOUND_RPCS,
} from "./gateway/gateway-settings.js";
export { GATEWAY_LIMITS, GATEWAY_TIMEOUTS } from "./gateway/limit-options.js";
export { isDialectPrefix } from "./http/dialect-prefix.js";
export { BROWSER_GUARD_OPTIONS, type BrowserGuardSettings } from "./http/guard/browser-guard-options.js";
export { OBSERVERS } from "./observe/observers-option.js";
export { type Given, given } from "./options/given.js";
export { nearestName } from "./options/nearest-name.js";
export { type Checked, Option, OptionalOption, type OptionTable } from "./options/option.js";
export { group, OptionGroup, optionalGroup, type PlacedOption, pathsOf, readOptions } from "./options/option-group.js";
export * from "./options/option-kinds.js";
export { LONGEST_DELAY } from "./timers/longest-delay.js";
export {
  CHANNEL,
  CONNECT_TIMEOUT,
  ENDPOINTS,
  TLS,
  TLS_CERTIFICATES,
  type TlsSettings,
} from "./transport/transport-options.js";
export { UPGRADE_OPTIONS } from "./websocket/upgrade-options.js";
