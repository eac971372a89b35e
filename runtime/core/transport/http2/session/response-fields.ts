import type { HeaderField, HeaderList } from "../hpack/header-field.js";

/** Fields of HTTP/1 that control a connection. HTTP/2 forbids them: RFC 9113, section 8.2.2. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** A token (RFC 9110, section 5.6.2) in lower case. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** The header or trailer fields of a response, after the checks of RFC 9113, sections 8.2 and 8.3. */
export interface ResponseFields {
  /** The value of `:status`; `undefined` for trailers, which have none. */
  readonly status: number | undefined;
  /** The fields other than `:status`, in order. */
  readonly fields: readonly HeaderField[];
  /** The value of `content-length`; -1 if there is none. */
  readonly contentLength: number;
  /** The fault, if the fields are malformed. */
  readonly malformed: string | undefined;
}

/** Checks the fields of a response. */
export function responseFields({ fields, isTooLarge }: HeaderList): ResponseFields {
  if (isTooLarge)
    return { status: undefined, fields: [], contentLength: -1, malformed: "the header fields are too large" };
  const first = fields[0];
  const status = first?.name === ":status" ? first : undefined;
  const rest = status === undefined ? fields : fields.slice(1);
  const isStatus = status === undefined || /^[1-9]\d\d$/.test(status.value);
  const malformed = isStatus ? firstFault(rest) : "a :status that is not a number with three digits";
  const contentLength = malformed === undefined ? contentLengthOf(rest) : -1;
  return {
    status: status === undefined ? undefined : Number(status.value),
    fields: rest,
    contentLength,
    malformed: Number.isNaN(contentLength) ? "a malformed content-length" : malformed,
  };
}

/** Returns the value of `content-length`; -1 if there is none, `NaN` if it is not one number: RFC 9110, section 8.6. */
function contentLengthOf(fields: readonly HeaderField[]): number {
  let length = -1;
  for (const { name, value } of fields) {
    if (name !== "content-length") continue;
    if (!/^\d{1,15}$/.test(value) || (length !== -1 && length !== Number(value))) return Number.NaN;
    length = Number(value);
  }
  return length;
}

function firstFault(fields: readonly HeaderField[]): string | undefined {
  for (const { name, value } of fields) {
    if (name.startsWith(":")) return "a pseudo-header field that is out of place";
    if (!NAME.test(name)) return name === name.toLowerCase() ? "a malformed field name" : "a field name in upper case";
    if (CONNECTION_FIELDS.has(name)) return `the field ${name}, which belongs to HTTP/1`;
    if (!isValue(value)) return `a malformed value of the field ${name}`;
  }
  return undefined;
}

/**
 * Whether a value has no characters that RFC 9113, section 8.2.1, forbids. It also forbids spaces at both ends, but
 * servers written in Go send error texts with them.
 */
function isValue(value: string): boolean {
  return !value.includes("\0") && !value.includes("\r") && !value.includes("\n");
}

/** Returns the fault of a response's fields at their position in the stream, if any: RFC 9113, section 8.1. */
export function faultOf(fields: ResponseFields, isTrailers: boolean, endStream: boolean): string | undefined {
  if (fields.malformed !== undefined) return fields.malformed;
  if (isTrailers) {
    if (fields.status !== undefined) return "a :status in trailers";
    return endStream ? undefined : "trailers that do not end the stream";
  }
  if (fields.status === undefined) return "no :status";
  if (fields.status === 101) return "the status 101, which HTTP/2 does not have";
  return fields.status < 200 && endStream ? "an interim response that ends the stream" : undefined;
}
