/**
 * etcd's HTTP/JSON API in an Express app.
 *
 * @module
 */
export {
  type AllowedOrigins,
  type App,
  type BrowserGuardOptions,
  browserGuard,
  closeServer,
  createHttpServer,
  type Gateway,
  GatewayError,
  type HttpServerOptions,
  type InterceptedCall,
  type InterceptedUnaryCall,
  type Next,
  Status,
  type StatusCode,
  type StreamHooks,
  type TlsOptions,
  type UpgradeOptions,
} from "@etcd-gateway/runtime";
export type { EtcdCredentials } from "./credentials/own-session.js";
export { type ApiDescriptionsOptions, apiDescriptions } from "./descriptions.js";
export type { DialectChoice, DialectName } from "./dialect.js";
export type { Exposure } from "./expose.js";
export { type EtcdGateway, type EtcdGatewayOptions, etcdGateway } from "./gateway.js";
export { type EtcdProbesOptions, etcdProbes } from "./probes/etcd-probes.js";
