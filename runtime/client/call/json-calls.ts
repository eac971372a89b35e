import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import { resultText, streamLines, unaryText } from "../http/call-text.js";
import type { HttpRequest } from "../http/http-request.js";

/** A request whose JSON is given as text, of an rpc that no generated code is there for. */
export interface JsonRequest {
  readonly method: string;
  /** The path, with its variables filled in, and the query: `/v1/shelves/novels/books?page_size=3`. */
  readonly path: string;
  /** The JSON text of the body; of a stream of requests, one or more messages behind each other. */
  readonly body?: string;
  /** The `Accept` of the request, such as `application/json; bytes=text`. */
  readonly accept?: string;
  /** What errors call it. */
  readonly rpc?: string;
}

/** Makes a unary call, and returns the response as it is: JSON text. */
export function callJson(channel: Channel, request: JsonRequest, options: CallOptions = {}): Promise<string> {
  return unaryText(channel, httpRequest(request), options);
}

/** Makes a call whose responses stream, and returns the JSON text of each message. */
export function streamJson(
  channel: Channel,
  request: JsonRequest,
  options: CallOptions = {},
): AsyncIterableIterator<string, undefined> {
  const http = httpRequest(request);
  return streamLines(channel, http, options, (line) => resultText(http.rpc, line));
}

function httpRequest({ rpc, method, path, body, accept }: JsonRequest): HttpRequest {
  return { rpc: rpc ?? `${method} ${path}`, method, path, body, accept, idempotent: method === "GET" };
}
