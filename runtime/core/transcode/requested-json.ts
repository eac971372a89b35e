import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { BytesForm } from "../json/bytes-form.js";
import type { JsonStyle } from "../json/style/json-style.js";
import { queryOf } from "./url/request-path.js";

/** How bytes are JSON in a request, its URL included, and in what is answered. */
export interface BytesForms {
  readonly request: BytesForm;
  readonly response: BytesForm;
}

/** What a request says of JSON. */
export interface RequestedJson {
  /** How bytes are JSON, if it says so. */
  readonly bytes: BytesForms | undefined;
  /** How responses are written beside. */
  readonly style: JsonStyle;
}

/** The query parameter that says how bytes are JSON. */
export const BYTES_PARAMETER = "bytes";

const IN_QUERY = /(?:^|&)bytes=([^&]*)/;
/** What a media type must have in it to say something of JSON. */
const IN_MEDIA_TYPE = /;\s*(?:bytes|names|defaults)=/i;
const BYTES = parameter("bytes", "base64", "text");
const NAMES = parameter("names", "proto", "json");
const DEFAULTS = parameter("defaults", "omit", "write");

const NO_STYLE: JsonStyle = {};

/**
 * The JSON that a request asks for; `undefined`: it does not say.
 *
 * The forms of bytes are asked for by `?bytes=` or by the parameter `bytes` of a media type: of two headers, `Content-Type`
 * speaks for the request and `Accept` for the response; one alone speaks for both. The query wins over headers. The
 * parameters `names` and `defaults` of `Accept` say how the response is written: `application/json; names=json`.
 *
 * @param inQuery whether the query parameter is the gateway's, rather than a field of the request message
 * @throws GatewayError `INVALID_ARGUMENT` if the query parameter has another value
 */
export function requestedJson({ url, headers }: IncomingMessage, inQuery: boolean): RequestedJson | undefined {
  const both = inQuery && url?.includes("?") === true ? formInQuery(url) : undefined;
  const contentType = parametersIn(headers["content-type"]);
  const accept = parametersIn(headers.accept);
  if (both === undefined && contentType === undefined && accept === undefined) return undefined;
  const request = both ?? bytesIn(contentType) ?? bytesIn(accept);
  const response = both ?? bytesIn(accept) ?? bytesIn(contentType);
  return {
    bytes: request === undefined || response === undefined ? undefined : { request, response },
    style: accept === undefined ? NO_STYLE : { names: NAMES(accept), defaults: DEFAULTS(accept) },
  };
}

function formInQuery(target: string): BytesForm | undefined {
  const value = IN_QUERY.exec(queryOf(target))?.[1];
  if (value === undefined || value === "base64" || value === "text") return value;
  const got = JSON.stringify(value.slice(0, 32));
  throw new GatewayError(Status.INVALID_ARGUMENT, `query parameter "bytes": expected base64 or text, got ${got}`);
}

/** A header that has parameters of ours. */
function parametersIn(header: string | undefined): string | undefined {
  return header?.includes(";") === true && IN_MEDIA_TYPE.test(header) ? header : undefined;
}

function bytesIn(header: string | undefined): BytesForm | undefined {
  return header === undefined ? undefined : BYTES(header);
}

/** Makes what reads a parameter of a media type, in whatever case. Other values than those that it may have are none. */
function parameter<const Value extends string>(
  name: string,
  ...values: readonly Value[]
): (header: string) => Value | undefined {
  const pattern = new RegExp(`;\\s*${name}="?(${values.join("|")})"?\\s*(?:[;,]|$)`, "i");
  return (header) => {
    const found = pattern.exec(header)?.[1]?.toLowerCase();
    return values.find((value) => value === found);
  };
}
