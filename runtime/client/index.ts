/**
 * The runtime of the HTTP clients that protoc-gen-express-gateway generates.
 *
 * @module
 */

export type {
  BidiCall,
  BidiStream,
  ClientStream,
  ClientStreamCall,
  RequestStream,
  Requests,
  ServerStreamCall,
  StreamOptions,
  UnaryCall,
} from "./call/call-types.js";
export { callJson, type JsonRequest, type JsonSocketRequest, socketJson, streamJson } from "./call/json-calls.js";
export type { AnyJson, Input, Output, WithAnyJson, WithText } from "./call/messages.js";
export { type Channel, createChannel } from "./channel/channel.js";
export type {
  CallOptions,
  ChannelOptions,
  HeaderSource,
  MetadataInit,
  ServerConventions,
  Timeouts,
  TokenSource,
} from "./channel/channel-options.js";
export type { SocketConstructor, SocketLike } from "./channel/socket-like.js";
export { Code, type CodeName } from "./errors/code.js";
export { detailOf, type ErrorDetails } from "./errors/error-details.js";
export { RpcError, type RpcErrorOptions } from "./errors/rpc-error.js";
export type { JsonObject, JsonValue } from "./json/json-value.js";
