import type { GatewayError } from "../../errors/gateway-error.js";
import { serverError } from "../call/call-errors.js";
import { isGrpcType } from "../call/content-type.js";
import type { HeaderField } from "../http2/hpack/header-field.js";
import type { ResponseFields } from "../http2/session/response-fields.js";
import { SINGLE_KEYS } from "../metadata.js";
import type { Metadata } from "../transport.js";

const NONE: Metadata = [];

/** The contents of a call's headers or trailers. */
export interface Response {
  /** The metadata, without the keys that gRPC reserves. */
  readonly metadata: Metadata;
  /** Whether the content type is that of gRPC. */
  readonly isGrpc: boolean;
  readonly contentType: string | undefined;
  /** The unparsed value of `grpc-status`. */
  readonly status: string | undefined;
  readonly message: string;
  /** The decoded value of `grpc-status-details-bin`. */
  readonly details: Buffer | undefined;
}

/** Cache of parsed responses. Equal header blocks have the same fields object. */
const known: WeakMap<ResponseFields, Response> = new WeakMap();

/** Parses the fields of a response's headers or trailers. */
export function readResponse(fields: ResponseFields): Response {
  let response = known.get(fields);
  if (response === undefined) {
    response = read(fields.fields);
    known.set(fields, response);
  }
  return response;
}

function read(fields: readonly HeaderField[]): Response {
  const contentType = valueIn(fields, "content-type");
  const details = valueIn(fields, "grpc-status-details-bin");
  return {
    metadata: metadataOf(fields),
    isGrpc: isGrpcType(contentType),
    contentType,
    status: joined(fields, "grpc-status"),
    message: percentDecoded(joined(fields, "grpc-message") ?? ""),
    details: details === undefined ? undefined : Buffer.from(details, "base64"),
  };
}

function valueIn(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

/** Returns the value of a field. Several are joined, as Node.js joins them. */
function joined(fields: readonly HeaderField[], wanted: string): string | undefined {
  const all = fields.filter(({ name }) => name === wanted);
  return all.length === 0 ? undefined : all.map(({ value }) => value).join(", ");
}

/** Extracts the metadata. The values of a name that occurs several times are joined as Node.js joins them. */
function metadataOf(fields: readonly HeaderField[]): Metadata {
  const values = new Map<string, string[]>();
  for (const { name, value } of fields) {
    if (name.startsWith("grpc-")) continue;
    const others = values.get(name);
    if (others === undefined) values.set(name, [value]);
    else if (!SINGLE_KEYS.has(name) && name !== "content-type") others.push(value);
  }
  if (values.size === 0) return NONE;
  const metadata: [string, string | Uint8Array][] = [];
  for (const [name, all] of values) {
    if (name.endsWith("-bin")) {
      for (const value of all.flatMap((each) => each.split(","))) metadata.push([name, Buffer.from(value, "base64")]);
    } else if (name === "set-cookie") {
      for (const value of all) metadata.push([name, value]);
    } else {
      metadata.push([name, all.join(name === "cookie" ? "; " : ", ")]);
    }
  }
  return metadata;
}

/** Decodes `grpc-message`. A malformed message is returned unchanged, because gRPC requires that it is not lost. */
function percentDecoded(message: string): string {
  if (!message.includes("%")) return message;
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

/** Returns the error for a status other than OK that the server has sent. */
export function statusError({ status, message, details }: Response): GatewayError {
  const code = /^\d+$/.test(status ?? "") ? Number(status) : Number.NaN;
  return serverError(code, message, details);
}
