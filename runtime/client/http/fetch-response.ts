import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import type { Lifetime } from "../channel/lifetime.js";
import { Code } from "../errors/code.js";
import { responseError } from "../errors/error-body.js";
import { RpcError } from "../errors/rpc-error.js";
import type { HttpRequest } from "./http-request.js";

/** Before the first repetition, in milliseconds; twice as long before each further one. */
const FIRST_DELAY = 100;
const LONGEST_DELAY = 5_000;

/**
 * Does something with the response to a request. If the request changes nothing, and the server cannot be reached or
 * says that it is not available, both are done again, after a while.
 *
 * @throws RpcError whatever goes wrong
 */
export async function withResponse<T>(
  channel: Channel,
  request: HttpRequest,
  options: CallOptions,
  life: Lifetime,
  use: (response: Response) => Promise<T>,
): Promise<T> {
  const isIdempotent = request.idempotent || channel.isIdempotent(request.rpc);
  let left = isIdempotent ? channel.retries(options) : 0;
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    try {
      return await use(await fetchResponse(channel, request, options, life));
    } catch (thrown) {
      const error = callError(thrown, life);
      if (error.code !== Code.UNAVAILABLE || left === 0) throw error;
      left -= 1;
      // Not all clients at once.
      await life.wait(Math.max((delay * (1 + Math.random())) / 2, Math.min(error.retryAfter ?? 0, LONGEST_DELAY)));
    }
  }
}

/** Sends a request, once more with another token if its token is refused. */
async function fetchResponse(
  channel: Channel,
  request: HttpRequest,
  options: CallOptions,
  life: Lifetime,
): Promise<Response> {
  if (life.error !== undefined) throw life.error;
  const token = await channel.token(request.rpc);
  try {
    return await send(channel, request, options, life, token);
  } catch (error) {
    const isRefused = error instanceof RpcError && (error.httpStatus === 401 || error.code === Code.UNAUTHENTICATED);
    if (!isRefused || !channel.renewsTokens) throw error;
    const other = await channel.token(request.rpc, token);
    if (other === undefined || other === token) throw error;
    return await send(channel, request, options, life, other);
  }
}

async function send(
  channel: Channel,
  { rpc, method, path, body, contentType, accept }: HttpRequest,
  options: CallOptions,
  life: Lifetime,
  token: string | undefined,
): Promise<Response> {
  const timeLeft = life.deadline === undefined ? undefined : life.deadline - Date.now();
  const headers = await channel.headers(rpc, token, options, timeLeft);
  if (body !== undefined) headers.set("content-type", contentType ?? "application/json");
  if (accept !== undefined) headers.set("accept", accept);
  const { credentials, fetch: given } = channel.options;
  const url = channel.url(path);
  if (life.error !== undefined) throw life.error;
  const response = await (given ?? fetch)(url, {
    method,
    headers,
    signal: life.signal,
    ...(body !== undefined && { body: typeof body === "string" ? body : owned(body) }),
    ...(credentials !== undefined && { credentials }),
  });
  if (!response.ok) throw await responseError(rpc, response);
  return response;
}

/** Bytes in a buffer that nobody shares, as `fetch` wants them. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

/** What a call has failed with: an abort or a deadline before all else, then what the server said, then the network. */
export function callError(thrown: unknown, life: Lifetime): RpcError {
  if (life.error !== undefined) return life.error;
  if (thrown instanceof RpcError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : "";
  const message = `the connection failed: ${[text, cause].filter((part) => part !== "").join(": ")}`;
  return new RpcError(Code.UNAVAILABLE, message, { rpc: life.rpc, cause: thrown });
}
