import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import { resultOf, streamBytes, streamLines, unaryBytes, unaryText } from "../http/call-text.js";
import { PulledStream } from "../http/pulled-stream.js";
import { type BoundRequest, requestOf } from "./bound-request.js";
import type { Rpc } from "./client-rpc.js";
import { responseReader } from "./response.js";

/** Makes a call that has one response. */
export async function unaryCall(
  channel: Channel,
  rpc: Rpc,
  request: BoundRequest,
  options: CallOptions,
): Promise<unknown> {
  const reader = responseReader(rpc, request.binding, isText(channel, options));
  return reader.raw
    ? reader.ofBytes(await unaryBytes(channel, request, options))
    : reader.ofText(await unaryText(channel, request, options));
}

/** Makes a call with a stream of responses. All errors are reported to the reader of the stream. */
export function streamCall(
  channel: Channel,
  rpc: Rpc,
  makeRequest: () => BoundRequest,
  options: CallOptions,
): PulledStream<unknown> {
  let request: BoundRequest;
  try {
    request = makeRequest();
  } catch (error) {
    return new PulledStream<unknown>(Promise.reject(error), channel.begin(rpc.name, options, false));
  }
  const reader = responseReader(rpc, request.binding, isText(channel, options));
  return reader.raw
    ? streamBytes(channel, request, options, (body) => reader.ofBytes(body))
    : streamLines(channel, request, options, (line) => reader.ofJson(resultOf(rpc.name, line)));
}

/** Whether bytes in the responses of a call become text. */
export function isText({ options }: Channel, { text }: CallOptions): boolean {
  return text ?? options.text ?? false;
}

/** Makes a unary call with a message. */
export async function unaryMessage(
  channel: Channel,
  rpc: Rpc,
  message: unknown,
  options: CallOptions,
): Promise<unknown> {
  return unaryCall(channel, rpc, requestOf(rpc, message), options);
}
