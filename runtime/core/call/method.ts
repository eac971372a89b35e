import { bufferOf } from "../bytes/buffer-of.js";
import type { Method } from "./rpc.js";

/** Encodes and decodes messages of one type. ts-proto generates such an object beside each type. */
export interface MessageType<Message> {
  encode(message: Message): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

/** A method with one request and one response. */
export interface UnaryMethod<Request, Response> extends Method<Request, Response> {
  readonly requestStream: false;
  readonly responseStream: false;
}

/** A method with one request and any number of responses. */
export interface ServerStreamMethod<Request, Response> extends Method<Request, Response> {
  readonly requestStream: false;
  readonly responseStream: true;
}

/** A method with any number of requests and one response. */
export interface ClientStreamMethod<Request, Response> extends Method<Request, Response> {
  readonly requestStream: true;
  readonly responseStream: false;
}

/** A method with any number of requests and of responses. */
export interface BidiMethod<Request, Response> extends Method<Request, Response> {
  readonly requestStream: true;
  readonly responseStream: true;
}

/** Defines a method with one request and one response. */
export function unaryMethod<Request, Response>(
  path: string,
  request: MessageType<Request>,
  response: MessageType<Response>,
): UnaryMethod<Request, Response> {
  return { path, requestStream: false, responseStream: false, ...serializers(request, response) };
}

/** Defines a method with one request and any number of responses. */
export function serverStreamMethod<Request, Response>(
  path: string,
  request: MessageType<Request>,
  response: MessageType<Response>,
): ServerStreamMethod<Request, Response> {
  return { path, requestStream: false, responseStream: true, ...serializers(request, response) };
}

/** Defines a method with any number of requests and one response. */
export function clientStreamMethod<Request, Response>(
  path: string,
  request: MessageType<Request>,
  response: MessageType<Response>,
): ClientStreamMethod<Request, Response> {
  return { path, requestStream: true, responseStream: false, ...serializers(request, response) };
}

/** Defines a method with any number of requests and of responses. */
export function bidiMethod<Request, Response>(
  path: string,
  request: MessageType<Request>,
  response: MessageType<Response>,
): BidiMethod<Request, Response> {
  return { path, requestStream: true, responseStream: true, ...serializers(request, response) };
}

function serializers<Request, Response>(
  request: MessageType<Request>,
  response: MessageType<Response>,
): Omit<Method<Request, Response>, "path" | "requestStream" | "responseStream"> {
  return {
    requestSerialize: (value) => bufferOf(request.encode(value).finish()),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: (value) => bufferOf(response.encode(value).finish()),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}
