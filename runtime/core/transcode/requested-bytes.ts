import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { BytesForm } from "../json/bytes-form.js";
import { queryOf } from "./url/request-path.js";

/** How bytes are JSON in a request, its URL included, and in what is answered. */
export interface BytesForms {
  readonly request: BytesForm;
  readonly response: BytesForm;
}

/** The query parameter that says how bytes are JSON. */
export const BYTES_PARAMETER = "bytes";

const IN_QUERY = /(?:^|&)bytes=([^&]*)/;
const IN_MEDIA_TYPE = /;\s*bytes="?(base64|text)"?\s*(?:[;,]|$)/i;

/**
 * The forms of bytes that a request asks for, by `?bytes=` or by the parameter `bytes` of a media type: of two headers,
 * `Content-Type` speaks for the request and `Accept` for the response; one alone speaks for both. The query wins over
 * headers. `undefined`: it does not say.
 *
 * @param inQuery whether the query parameter is the gateway's, rather than a field of the request message
 * @throws GatewayError `INVALID_ARGUMENT` if the query parameter has another value
 */
export function requestedBytes({ url, headers }: IncomingMessage, inQuery: boolean): BytesForms | undefined {
  const both = inQuery && url?.includes("?") === true ? formInQuery(url) : undefined;
  if (both !== undefined) return { request: both, response: both };
  const contentType = formInMediaType(headers["content-type"]);
  const accept = formInMediaType(headers.accept);
  const request = contentType ?? accept;
  const response = accept ?? contentType;
  return request === undefined || response === undefined ? undefined : { request, response };
}

function formInQuery(target: string): BytesForm | undefined {
  const value = IN_QUERY.exec(queryOf(target))?.[1];
  if (value === undefined || value === "base64" || value === "text") return value;
  const got = JSON.stringify(value.slice(0, 32));
  throw new GatewayError(Status.INVALID_ARGUMENT, `query parameter "bytes": expected base64 or text, got ${got}`);
}

function formInMediaType(header: string | undefined): BytesForm | undefined {
  if (header === undefined || !header.includes(";")) return undefined;
  const form = IN_MEDIA_TYPE.exec(header)?.[1]?.toLowerCase();
  return form === "base64" || form === "text" ? form : undefined;
}
