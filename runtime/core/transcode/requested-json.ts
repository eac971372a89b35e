import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { BytesForm } from "../json/bytes-form.js";
import type { JsonStyle } from "../json/style/json-style.js";
import { queryOf } from "./url/request-path.js";

/** The JSON forms of bytes in a request (including its URL) and in its response. */
export interface BytesForms {
  readonly request: BytesForm;
  readonly response: BytesForm;
}

/** The JSON that a request asks for. */
export interface RequestedJson {
  /** The forms of bytes, if the request says so. */
  readonly bytes: BytesForms | undefined;
  /** The style of the response's JSON. */
  readonly style: JsonStyle;
}

/** The query parameter that sets the forms of bytes. */
export const BYTES_PARAMETER = "bytes";

const IN_QUERY = /(?:^|&)bytes=([^&]*)/;
/** Matches a media type that has at least one of these parameters. */
const IN_MEDIA_TYPE = /;\s*(?:bytes|names|defaults)=/i;
const BYTES = parameter("bytes", "base64", "text");
const NAMES = parameter("names", "proto", "json");
const DEFAULTS = parameter("defaults", "omit", "write");

const NO_STYLE: JsonStyle = {};

/**
 * Returns the JSON that a request asks for; `undefined` if it asks for nothing.
 *
 * - The query parameter `bytes` sets the form of bytes. It takes precedence over headers.
 * - So does the parameter `bytes` of a media type: in `Content-Type` for the request, in `Accept` for the response. If
 *   only one of them has it, it applies to both.
 * - The parameters `names` and `defaults` of `Accept` set the style of the response: `application/json; names=json`.
 *
 * @param inQuery whether the query parameter belongs to the gateway, not to a field of the request message
 * @throws GatewayError `INVALID_ARGUMENT` if the query parameter has another value than `base64` or `text`
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

/** Returns a header if it has one of the gateway's parameters. */
function parametersIn(header: string | undefined): string | undefined {
  return header?.includes(";") === true && IN_MEDIA_TYPE.test(header) ? header : undefined;
}

function bytesIn(header: string | undefined): BytesForm | undefined {
  return header === undefined ? undefined : BYTES(header);
}

/**
 * Creates a function that reads a parameter of a media type. Case does not matter. An unknown value counts as absent.
 */
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
