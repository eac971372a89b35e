import { isObject } from "../json/is-object.js";
import { type JsonObject, type JsonValue, parseJson } from "../json/json-value.js";
import { Code, codeOf, codeOfStatus } from "./code.js";
import { RpcError } from "./rpc-error.js";

/** How much of an unknown body an error message quotes, in characters. */
const QUOTED = 200;

/** How much of an error's body is read, in characters. */
const LONGEST_BODY = 1_000_000;

/** How long to read an error's body, in milliseconds. The status is known, so the call need not wait for a slow body. */
const LONGEST_READ = 2_000;

/** Reads the error from a response of the gateway, the server or a proxy. */
export async function responseError(rpc: string, response: Response): Promise<RpcError> {
  const { status, statusText, headers } = response;
  const text = await beginningOf(response);
  const known = errorOfJson(rpc, parseJson(text), status, retryAfterOf(headers));
  if (known !== undefined) return known;
  const isText = /^text\/plain\b/i.test(headers.get("content-type") ?? "");
  const said = isText ? text.trim().slice(0, QUOTED) : "";
  const message = [`HTTP status ${status}`, statusText, said].filter((part) => part !== "").join(": ");
  return new RpcError(codeOfStatus(status), message, {
    rpc,
    httpStatus: status,
    retryAfter: retryAfterOf(headers),
  });
}

/** Reads the body of a response, up to the limits. Returns what has arrived, because the status is enough. */
async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const stop = (): void => void reader?.cancel().catch(() => {});
  const timer = setTimeout(stop, LONGEST_READ);
  try {
    reader = response.body?.getReader();
    // Some environments give no body in parts.
    if (reader === undefined) text = await response.text();
    while (text.length < LONGEST_BODY) {
      const piece = await reader?.read();
      if (piece?.value === undefined) break;
      text += decoder.decode(piece.value, { stream: true });
    }
  } catch {
    // The connection broke, or a `fetch` of the app has read the body, or gives it in another form.
  }
  clearTimeout(timer);
  stop();
  return text.slice(0, LONGEST_BODY);
}

/**
 * Reads the error from a JSON value; `undefined` if it holds none. Gateways write these forms:
 *
 * - grpc-gateway v2: `{code, message, details}`; in a stream, this object is the member `error`
 * - grpc-gateway v1: `{error, code, message}`; in a stream `{error: {grpc_code, http_code, message, http_status}}`
 */
export function errorOfJson(
  rpc: string,
  json: JsonValue | undefined,
  httpStatus?: number,
  retryAfter?: number,
): RpcError | undefined {
  if (!isObject(json)) return undefined;
  const { error } = json;
  const status = isObject(error) ? error : json;
  const { code, grpc_code, http_code, message, details } = status;
  const given = codeOf(code) ?? codeOf(grpc_code);
  const text = typeof message === "string" ? message : typeof error === "string" ? error : undefined;
  if (given === undefined && text === undefined) return undefined;
  const http = httpStatus ?? (typeof http_code === "number" ? http_code : undefined);
  return new RpcError(given ?? (http === undefined ? Code.UNKNOWN : codeOfStatus(http)), text ?? "", {
    rpc,
    httpStatus: http,
    details: Array.isArray(details) ? details.filter((detail): detail is JsonObject => isObject(detail)) : [],
    retryAfter,
  });
}

/** Reads `Retry-After`, which has seconds or a date (RFC 9110, section 10.2.3). Returns milliseconds from now. */
function retryAfterOf(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
