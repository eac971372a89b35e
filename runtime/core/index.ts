export type { CallTimeouts } from "./call/call-timeouts.js";
export { createClient } from "./call/client.js";
export type { ClientCallOptions, ClientOptions } from "./call/client-options.js";
export type {
  BidiStream,
  Client,
  ClientStream,
  RequestStream,
  RpcClient,
  ServiceClient,
} from "./call/client-types.js";
export type {
  CallInterceptor,
  InterceptedCall,
  InterceptedUnaryCall,
  Interceptor,
  InterceptorOfAll,
  Interceptors,
  Next,
  StreamHooks,
  StreamInterceptor,
  UnaryInterceptor,
} from "./call/intercept/interceptor.js";
export type { MetadataInit, MetadataValue } from "./call/metadata/metadata-init.js";
export { changedMetadata, type MetadataChange, type MetadataSource } from "./call/metadata/metadata-source.js";
export type { Binding, Method, PathVariable, Rpc, Segment, Service, ServiceOf } from "./call/rpc.js";
export { ConnectionBroken } from "./errors/connection-broken.js";
export { connectionsClosed } from "./errors/connections-closed.js";
export { callCanceled, deadlineExceeded } from "./errors/context-errors.js";
export { GatewayError, type GatewayErrorOptions, type StatusDetail } from "./errors/gateway-error.js";
export { Rejection } from "./errors/rejection.js";
export { httpStatusOf, isStatusCode, Status, type StatusCode, statusName } from "./errors/status.js";
export { createGateway, type Gateway } from "./gateway/gateway.js";
export type {
  GatewayAccess,
  GatewayLimits,
  GatewayOptions,
  GatewayResponses,
  GatewayServices,
  GatewayStreams,
  GatewayTimeouts,
} from "./gateway/gateway-options.js";
export { type Dialect, grpcGatewayV1, grpcGatewayV2 } from "./http/dialect.js";
export type { Router } from "./http/gateway-router.js";
export { browserGuard } from "./http/guard/browser-guard.js";
export type { AllowedOrigins, BrowserGuardOptions } from "./http/guard/browser-guard-options.js";
export { containResponseErrors } from "./http/response/contain-response-errors.js";
export { respondWithError } from "./http/response/error-response.js";
export { failResponse } from "./http/response/failed-response.js";
export type { SuccessfulResponse, SuccessHead, SuccessHook } from "./http/response/response-heads.js";
export type { BytesForm } from "./json/bytes-form.js";
export type { MessageCodec } from "./json/codec.js";
export type { JsonReadOptions } from "./json/read/json-read-options.js";
export { accessLog, type CallLogger } from "./observe/access-log.js";
export type { CallObserver, ObservedGateway } from "./observe/call-observer.js";
export type { CallMessage } from "./observe/call-observers.js";
export type { CallFacts, CallFraming, CallProtocol, CallRecord, RejectionReason } from "./observe/call-record.js";
export { type RejectionRecorder, rejectionRecorder } from "./observe/rejection-recorder.js";
export { closeServer } from "./server/close-server.js";
export { type App, createHttpServer, type HttpServerOptions } from "./server/http-server.js";
export type { NumberEvents, StreamEvents } from "./session/stream-events.js";
export { deadlineTimer } from "./timers/deadline-timer.js";
export { monotonicTime } from "./timers/monotonic-time.js";
export type { ErrorBody, ErrorFormat } from "./transcode/error-format.js";
export type { ErrorHook, ErrorResponse, FailedRequest } from "./transcode/error-hook.js";
export type { HeaderName } from "./transcode/headers/metadata-headers.js";
export { ForwardingTransport } from "./transport/forwarding-transport.js";
export { type GrpcTransport, grpcTransport } from "./transport/grpc-transport.js";
export { NO_METADATA } from "./transport/metadata.js";
export type {
  Call,
  CallOptions,
  CallProgress,
  EndpointStatus,
  Metadata,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "./transport/transport.js";
export type { ChannelKind, GrpcTransportOptions, KeepaliveOptions, TlsOptions } from "./transport/transport-options.js";
export type { UpgradeOptions } from "./websocket/upgrade-options.js";
