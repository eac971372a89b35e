import { once } from "node:events";
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  request,
} from "node:http";

/** A whole response, with its body as text. */
export interface TextResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly trailers: NodeJS.Dict<string>;
}

/** A whole response whose body is JSON. */
export interface JsonResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
}

/** Opens a request to a path. The default method is `POST`. */
export function open(port: number, path: string, options: RequestOptions = {}): ClientRequest {
  return request({ host: "127.0.0.1", port, path, method: "POST", agent: false, ...options });
}

/** Sends a request and reads the response to its end. */
export async function send(port: number, path: string, body = "", options: RequestOptions = {}): Promise<TextResponse> {
  const req = open(port, path, options);
  req.end(body);
  return answer(req);
}

/** Reads the response of a request to its end. */
export async function answer(req: ClientRequest): Promise<TextResponse> {
  const res = await response(req);
  const chunks: Buffer[] = [];
  for await (const chunk of res) chunks.push(chunk);
  const { statusCode: status = 0, headers, trailers } = res;
  return { status, headers, body: Buffer.concat(chunks).toString(), trailers };
}

/** Waits until the response of a request begins. */
export async function response(req: ClientRequest): Promise<IncomingMessage> {
  const [res] = await once(req, "response");
  return res;
}

/** Opens a `POST` of JSON to a URL. */
export function openJson(url: string, headers: OutgoingHttpHeaders = {}): ClientRequest {
  return request(url, { method: "POST", agent: false, headers: { "Content-Type": "application/json", ...headers } });
}

/**
 * Sends a body to a URL, which is JSON text or a value, and reads the response to its end.
 *
 * @throws Error if the body of the response is not JSON
 */
export async function post(url: string, body: unknown = {}, headers: OutgoingHttpHeaders = {}): Promise<JsonResponse> {
  const req = openJson(url, headers);
  req.end(typeof body === "string" ? body : JSON.stringify(body));
  const { status, headers: received, body: text } = await answer(req);
  try {
    return { status, headers: received, json: JSON.parse(text) };
  } catch (cause) {
    throw new Error(`HTTP ${status} with a body that is no JSON: ${text.slice(0, 200)}`, { cause });
  }
}
