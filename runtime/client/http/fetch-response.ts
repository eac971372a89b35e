import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import type { Lifetime } from "../channel/lifetime.js";
import { Code } from "../errors/code.js";
import { responseError } from "../errors/error-body.js";
import { RpcError } from "../errors/rpc-error.js";
import type { HttpRequest } from "./http-request.js";

/** The delay before the first repetition, in milliseconds. It doubles before each further one. */
const FIRST_DELAY = 100;
const LONGEST_DELAY = 5_000;

/**
 * Sends a request and uses its response. If the request is idempotent and the server cannot be reached or says that it
 * is unavailable, both steps are repeated after a delay.
 *
 * @throws RpcError any error of the call
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
      return await life.within(fetchResponse(channel, request, options, life).then(use));
    } catch (thrown) {
      const error = callError(thrown, life);
      if (error.code !== Code.UNAVAILABLE || left === 0) throw error;
      left -= 1;
      // The random part spreads the clients, so that they do not all come back at the same time.
      await life.wait(Math.max((delay * (1 + Math.random())) / 2, Math.min(error.retryAfter ?? 0, LONGEST_DELAY)));
    }
  }
}

/** Sends a request. If its token is refused, sends it once more with another token. */
async function fetchResponse(
  channel: Channel,
  request: HttpRequest,
  options: CallOptions,
  life: Lifetime,
): Promise<Response> {
  if (life.error !== undefined) throw life.error;
  const first = await channel.token(request.rpc);
  const token = options.renewToken === true ? await channel.token(request.rpc, first) : first;
  try {
    return await send(channel, request, options, life, token);
  } catch (error) {
    const isRefused = error instanceof RpcError && channel.conventions.refusesToken(error);
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
  const timeLeft = life.deadline === undefined ? undefined : life.deadline - performance.now();
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
  if (life.error !== undefined) {
    // The app's `fetch` does not know the signal. Nobody else would end the response.
    void response.body?.cancel().catch(() => {});
    throw life.error;
  }
  if (!response.ok) throw await responseError(rpc, response);
  return response;
}

/** Returns bytes in a buffer that is not shared between threads, as `fetch` requires. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

/**
 * Converts a thrown value to the error of a call. An abort or a deadline takes precedence over an error from the
 * server, which takes precedence over a network error.
 */
export function callError(thrown: unknown, life: Lifetime): RpcError {
  if (life.error !== undefined) return life.error;
  if (thrown instanceof RpcError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : "";
  const message = `the connection failed: ${[text, cause].filter((part) => part !== "").join(": ")}`;
  return new RpcError(Code.UNAVAILABLE, message, { rpc: life.rpc, cause: thrown });
}
