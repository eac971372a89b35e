/**
 * etcd's HTTP/JSON API in an Express app.
 *
 * @module
 */
export { type ExplorerHandler, type ExplorerOptions, type ExplorerTab, explorer } from "@etcd-gateway/explorer";
export {
  type AllowedOrigins,
  type App,
  accessLog,
  type BrowserGuardOptions,
  browserGuard,
  type CallFraming,
  type CallInterceptor,
  type CallLogger,
  type CallObserver,
  type CallProtocol,
  type CallRecord,
  closeServer,
  createHttpServer,
  type ErrorResponse,
  type FailedRequest,
  type Gateway,
  GatewayError,
  type GatewayResponses,
  type HttpServerOptions,
  type InterceptedCall,
  type InterceptedUnaryCall,
  type Next,
  type RejectionReason,
  type RejectionRecorder,
  rejectionRecorder,
  Status,
  type StatusCode,
  type StreamHooks,
  type SuccessfulResponse,
  type SuccessHead,
  statusName,
  type TlsOptions,
  type UpgradeOptions,
} from "@etcd-gateway/runtime";
export { type ApiDescriptionsOptions, type ApiDocuments, apiDescriptions } from "./descriptions.js";
export { type EtcdGateway, etcdGateway } from "./etcd-gateway.js";
export type { DialectChoice, DialectName } from "./options/dialect-names.js";
export type {
  EtcdAccess,
  EtcdCredentials,
  EtcdGatewayOptions,
  EtcdJson,
  EtcdLimits,
  EtcdStreams,
  EtcdTimeouts,
  Exposure,
} from "./options/etcd-gateway-options.js";
export { type EtcdProbesOptions, etcdProbes } from "./probes/etcd-probes.js";
export type { Versions } from "./probes/versions.js";
