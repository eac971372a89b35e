/**
 * etcd's HTTP/JSON API in an Express app.
 *
 * @module
 */
export {
  type App,
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
} from "@etcd-gateway/runtime";
export type { EtcdCredentials } from "./credentials/own-session.js";
export { type ApiDescriptionsOptions, apiDescriptions } from "./descriptions.js";
export type { DialectChoice, DialectName } from "./dialect.js";
export type { Exposure } from "./expose.js";
export { type EtcdGateway, type EtcdGatewayOptions, etcdGateway } from "./gateway.js";
