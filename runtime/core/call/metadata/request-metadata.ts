import type { IncomingHttpHeaders } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { isMetadataKey, isMetadataText } from "../../transport/metadata.js";
import type { Metadata } from "../../transport/transport.js";
import type { ForwardedHeaders } from "./forwarded-headers.js";

const PREFIX = "grpc-metadata-";
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const NONE: Metadata = [];

/**
 * Reads the gRPC metadata from the headers of an HTTP request:
 *
 * - `Authorization` becomes `authorization`.
 * - `Grpc-Metadata-X` becomes `x`. If the name ends in `-Bin`, the value is decoded from base64, padded or not.
 * - Headers to forward keep their names, unless one of the above already has that key.
 *
 * A header is left out in these cases:
 *
 * - Its name cannot be a metadata key, is reserved by gRPC, or concerns only the connection.
 * - Its value is not printable ASCII.
 *
 * etcd 3.6 does the same. It is safe, because a missing header can only take rights away.
 *
 * @param forward the further headers to forward
 * @throws GatewayError `INVALID_ARGUMENT` for a `-Bin` header that is not base64
 */
export function requestMetadata(headers: IncomingHttpHeaders, forward: ForwardedHeaders): Metadata {
  let metadata: [string, string | Uint8Array][] | undefined;
  const add = (key: string, value: string | string[] | undefined, name: string): void => {
    if (value === undefined || !isMetadataKey(key)) return;
    const text = typeof value === "string" ? value : value.join(", ");
    if (key.endsWith("-bin")) {
      metadata ??= [];
      // Node.js joins headers of the same name with a comma, which base64 does not contain.
      for (const part of text.split(", ")) metadata.push([key, decode(name, part.trim())]);
    } else if (isMetadataText(text)) {
      metadata ??= [];
      metadata.push([key, text]);
    }
  };
  if (headers.authorization !== undefined) add("authorization", headers.authorization, "authorization");
  for (const name of Object.keys(headers)) {
    if (!name.startsWith(PREFIX)) continue;
    const key = name.slice(PREFIX.length);
    // A call can have only one authorization.
    if (key !== "authorization" || headers.authorization === undefined) add(key, headers[name], name);
  }
  const given = metadata === undefined ? 0 : metadata.length;
  for (const name of forward.in(headers)) {
    if (headers[name] !== undefined && !hasKey(metadata, given, name)) add(name, headers[name], name);
  }
  return metadata ?? NONE;
}

/** Whether one of the first `count` entries has a key. */
function hasKey(metadata: Metadata | undefined, count: number, key: string): boolean {
  return metadata?.slice(0, count).some(([other]) => other === key) === true;
}

function decode(name: string, text: string): Uint8Array {
  const digits = text.indexOf("=") === -1 ? text.length : text.indexOf("=");
  const padded = digits < text.length;
  if (!BASE64.test(text) || digits % 4 === 1 || (padded && text.length % 4 !== 0)) {
    throw new GatewayError(Status.INVALID_ARGUMENT, `invalid header ${name}: expected base64`);
  }
  return Buffer.from(text, "base64");
}
