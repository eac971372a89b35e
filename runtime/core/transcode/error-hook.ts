import type { IncomingMessage } from "node:http";
import { forgetPromise, isThenable } from "../call/app-result.js";
import type { GatewayError } from "../errors/gateway-error.js";
import { warnOf } from "../errors/gateway-warning.js";
import type { ErrorBody } from "./error-format.js";
import { checkedHeaders, checkedStatus, type HttpHeaders, withHeaders } from "./headers/app-headers.js";

/** A request whose response is an error. */
export interface FailedRequest<Req extends IncomingMessage = IncomingMessage> {
  readonly req: Req;
  /**
   * The full name of the RPC, e.g. `etcdserverpb.KV.Range`; `undefined` if the error occurred before an RPC was chosen.
   */
  readonly rpc: string | undefined;
  /** Whether the response has already begun, as that of a stream may have. Then only the hook's body is used. */
  readonly hasBegun: boolean;
}

/** An app's response to an error. Omitted members keep the gateway's values. */
export interface ErrorResponse {
  readonly status?: number;
  /** Further headers. They replace the gateway's headers of the same names. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** An object is sent as JSON. A string is sent as is, as `text/plain` unless `headers` has a `Content-Type`. */
  readonly body?: string | object;
}

/** Returns the response to an error, or `undefined` to send the gateway's own. */
export type ErrorHook<Req extends IncomingMessage = IncomingMessage> = (
  error: GatewayError,
  request: FailedRequest<Req>,
) => ErrorResponse | undefined;

/** A checked {@link ErrorResponse}, which can be sent. */
export interface CheckedErrorResponse {
  readonly status: number | undefined;
  readonly headers: HttpHeaders;
  /** The body, and the JSON to send instead in a stream. */
  readonly body: (ErrorBody & { readonly json: string }) | undefined;
}

/**
 * Calls a hook. If it throws or returns an invalid response, the process emits a warning and the gateway sends its own
 * response.
 */
export function askErrorHook(
  hook: ErrorHook,
  error: GatewayError,
  request: FailedRequest,
): CheckedErrorResponse | undefined {
  try {
    const response: unknown = hook(error, request);
    forgetPromise(response);
    return response === undefined || response === null ? undefined : checked(response);
  } catch (thrown) {
    warnOf("responses.error failed", thrown);
    return undefined;
  }
}

function checked(response: unknown): CheckedErrorResponse {
  if (typeof response !== "object" || response === null || isThenable(response)) {
    throw new TypeError("expected an object with status, headers and body, or undefined, and not a promise");
  }
  const { status, headers, body }: Given = response;
  const checkedBody = body === undefined ? undefined : bodyOf(body);
  const { "Content-Type": contentType, ...others } = headers === undefined ? {} : checkedHeaders(headers);
  return {
    status: status === undefined ? undefined : checkedStatus(status),
    headers: others,
    body: checkedBody && { ...checkedBody, ...(typeof contentType === "string" ? { contentType } : {}) },
  };
}

interface Given {
  readonly status?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
}

function bodyOf(body: unknown): ErrorBody & { readonly json: string } {
  const json: string | undefined = JSON.stringify(body);
  if (json === undefined) throw new TypeError(`body must be a string or an object, not ${typeof body}`);
  return typeof body === "string"
    ? { contentType: "text/plain; charset=utf-8", text: body, json }
    : { contentType: "application/json", text: json, json };
}

/** Merges the headers of an error response. The hook's headers replace the error's own. */
export function errorHeaders(own: HttpHeaders, custom: CheckedErrorResponse | undefined): HttpHeaders {
  return custom === undefined ? own : withHeaders(own, custom.headers);
}
