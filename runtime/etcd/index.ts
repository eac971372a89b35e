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
export type { Exposure } from "./access/expose.js";
export type { EtcdCredentials } from "./access/own-session.js";
export { type ApiDescriptionsOptions, type ApiDocuments, apiDescriptions } from "./descriptions.js";
export type { DialectChoice, DialectName } from "./dialect/dialect-choice.js";
export { type EtcdGateway, type EtcdGatewayOptions, etcdGateway } from "./etcd-gateway.js";
export { type EtcdProbesOptions, etcdProbes } from "./probes/etcd-probes.js";
