import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import { resultText, streamLines, unaryText } from "../http/call-text.js";
import type { HttpRequest } from "../http/http-request.js";
import { PulledStream } from "../http/pulled-stream.js";
import { SocketCall } from "../websocket/socket-call.js";
import type { Frame } from "../websocket/unread-frames.js";
import type { BidiStream } from "./call-types.js";

/** A request given as JSON text. It needs no generated code. */
export interface JsonRequest {
  readonly method: string;
  /** The path with its variables filled in, and the query. For example `/v1/shelves/novels/books?page_size=3`. */
  readonly path: string;
  /** The JSON text of the body. For a stream of requests: one or more messages, one after another. */
  readonly body?: string;
  /** The `Accept` header, for example `application/json; bytes=text`. */
  readonly accept?: string;
  /** The name of the RPC in errors. */
  readonly rpc?: string;
}

/** Makes a unary call, and returns the response as unchanged JSON text. */
export function callJson(channel: Channel, request: JsonRequest, options: CallOptions = {}): Promise<string> {
  return unaryText(channel, httpRequest(request), options);
}

/** Makes a server-streaming call, and returns the JSON text of each message. */
export function streamJson(
  channel: Channel,
  request: JsonRequest,
  options: CallOptions = {},
): AsyncIterableIterator<string, undefined> {
  const http = httpRequest(request);
  return streamLines(channel, http, options, (line) => resultText(http.rpc, line));
}

/** A call over WebSocket whose messages are JSON texts. It needs no generated code. */
export interface JsonSocketRequest {
  /** The path of the RPC with its variables filled in, and the query. For example `/v3/watch?bytes=text`. */
  readonly path: string;
  /** Whether the RPC returns one message instead of a stream. */
  readonly single?: boolean;
  /** The name of the RPC in errors. */
  readonly rpc?: string;
}

/**
 * Opens a WebSocket for one call. You can send the JSON texts of requests and read those of responses in any order.
 * `end` ends the stream of requests, and `cancel` cancels the call. Empty texts are not sent.
 */
export function socketJson(
  channel: Channel,
  { path, single = false, rpc = path }: JsonSocketRequest,
  options: CallOptions = {},
): BidiStream<string, string> {
  const life = channel.begin(rpc, options, false);
  const call = new SocketCall(channel, life);
  call.open(path);
  const pull = async (): Promise<{ readonly value: string } | undefined> => {
    const frame = await call.next();
    return frame === undefined ? undefined : { value: messageText(rpc, frame, single) };
  };
  const responses = new PulledStream(Promise.resolve(pull), life);
  return {
    send: async (json) => {
      await call.open(path);
      // An empty frame would end the requests.
      if (json !== "") await call.send(json);
    },
    end: () => {
      call.end();
    },
    cancel: () => life.cancel(),
    [Symbol.asyncIterator]: () => responses,
  };
}

function messageText(rpc: string, frame: Frame, single: boolean): string {
  const text = typeof frame === "string" ? frame : new TextDecoder().decode(frame);
  return single ? text : resultText(rpc, text);
}

function httpRequest({ rpc, method, path, body, accept }: JsonRequest): HttpRequest {
  return { rpc: rpc ?? `${method} ${path}`, method, path, body, accept, idempotent: method === "GET" };
}
