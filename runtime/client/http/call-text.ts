import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import { Code } from "../errors/code.js";
import { errorOfJson } from "../errors/error-body.js";
import { RpcError } from "../errors/rpc-error.js";
import { isObject } from "../json/is-object.js";
import { type JsonValue, parseJson } from "../json/json-value.js";
import { callError, withResponse } from "./fetch-response.js";
import type { HttpRequest } from "./http-request.js";
import { BodyReader, LineReader } from "./line-reader.js";
import { PulledStream } from "./pulled-stream.js";

/** The body of a response that is not JSON, and its media type. */
export interface RawBody {
  readonly contentType: string;
  readonly data: Uint8Array;
}

/** Makes a unary call, and returns the body of the response as text. */
export function unaryText(channel: Channel, request: HttpRequest, options: CallOptions): Promise<string> {
  return unary(channel, request, options, (response) => response.text());
}

/** Makes a unary call, and returns the body of the response as bytes. */
export function unaryBytes(channel: Channel, request: HttpRequest, options: CallOptions): Promise<RawBody> {
  return unary(channel, request, options, async (response) => ({
    contentType: contentTypeOf(response),
    data: new Uint8Array(await response.arrayBuffer()),
  }));
}

async function unary<T>(
  channel: Channel,
  request: HttpRequest,
  options: CallOptions,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const life = channel.begin(request.rpc, options, true);
  try {
    return await withResponse(channel, request, options, life, read);
  } catch (error) {
    throw callError(error, life);
  } finally {
    life.end();
  }
}

/**
 * Makes a call whose response is a stream of messages, one per line. The call starts at once. Flow control holds the
 * server back while the stream is not read.
 *
 * @param read converts a line to a message
 */
export function streamLines<T>(
  channel: Channel,
  request: HttpRequest,
  options: CallOptions,
  read: (line: string) => T,
): PulledStream<T> {
  const life = channel.begin(request.rpc, options, false);
  const opened = withResponse(channel, request, options, life, async (response) => {
    const lines = new LineReader(response, request.rpc, channel.receiveBuffer);
    return async () => {
      const line = await lines.next();
      return line === undefined ? undefined : { value: read(line) };
    };
  });
  return new PulledStream(opened, life);
}

/**
 * Makes a call whose response is a stream of raw bytes instead of JSON.
 *
 * @param read converts each piece of the body
 */
export function streamBytes<T>(
  channel: Channel,
  request: HttpRequest,
  options: CallOptions,
  read: (body: RawBody) => T,
): PulledStream<T> {
  const life = channel.begin(request.rpc, options, false);
  const opened = withResponse(channel, request, options, life, async (response) => {
    const contentType = contentTypeOf(response);
    const body = new BodyReader(response);
    return async () => {
      const data = await body.next();
      return data === undefined ? undefined : { value: read({ contentType, data }) };
    };
  });
  return new PulledStream(opened, life);
}

/**
 * Returns the message in a line of a stream: `{"result": message}`.
 *
 * @throws RpcError the error if the line is `{"error": ...}`; `UNAVAILABLE` if the line is incomplete; `INTERNAL` if it
 * holds neither
 */
export function resultOf(rpc: string, line: string): JsonValue {
  const json = parseJson(line);
  if (isObject(json)) {
    const { result } = json;
    if (result !== undefined) return result;
    const error = errorOfJson(rpc, json);
    if (error !== undefined) throw error;
  }
  if (json === undefined) throw new RpcError(Code.UNAVAILABLE, "the stream ended in the middle of a message", { rpc });
  throw new RpcError(Code.INTERNAL, `the server sent an invalid line in a stream: ${line.slice(0, 200)}`, { rpc });
}

/** Returns the JSON text of the message in a line, with all digits unchanged. Throws as {@link resultOf} does. */
export function resultText(rpc: string, line: string): string {
  const json = resultOf(rpc, line);
  return /^\{"result":/.test(line) ? line.trimEnd().slice('{"result":'.length, -1) : JSON.stringify(json);
}

function contentTypeOf({ headers }: Response): string {
  return headers.get("content-type") ?? "";
}
