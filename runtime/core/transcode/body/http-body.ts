import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { MessageCodec } from "../../json/codec.js";
import { WireReader } from "../../json/wire/wire-reader.js";
import type { WireWriter } from "../../json/wire/wire-writer.js";
import type { ResponseBody } from "../response-body.js";

/** The tags of `google.api.HttpBody.content_type` and `data`. */
const CONTENT_TYPE = (1 << 3) | 2;
const DATA = (2 << 3) | 2;

/** The `Content-Type` of a body of unknown type (RFC 9110, 8.3). */
export const UNKNOWN_TYPE = "application/octet-stream";

/** A `Content-Type` of printable ASCII; only this may be sent as a header. */
const HEADER_TEXT = /^[\x20-\x7e]+$/;

/**
 * Whether a message is `google.api.HttpBody`, i.e. the bytes of an HTTP body instead of JSON.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/httpbody.proto
 */
export function isHttpBody(codec: MessageCodec): boolean {
  return codec.name === "google.api.HttpBody";
}

/** Writes the fields of an `HttpBody`. */
export function writeHttpBody(out: WireWriter, contentType: string, data: Buffer): void {
  writeBytes(out, CONTENT_TYPE, Buffer.from(contentType));
  writeBytes(out, DATA, data);
}

function writeBytes(out: WireWriter, tag: number, bytes: Buffer): void {
  if (bytes.length === 0) return;
  out.varint32(tag);
  out.varint32(bytes.length);
  out.append(bytes, 0, bytes.length);
}

/**
 * Reads the HTTP body in an `HttpBody` message. Its `extensions` are ignored, because HTTP has no place for them.
 *
 * @throws WireError if the wire bytes are malformed; GatewayError `INTERNAL` if the content type cannot be a header
 */
export function readHttpBody(wire: Buffer): ResponseBody {
  return new HttpBodyReader(wire).read();
}

class HttpBodyReader extends WireReader {
  constructor(wire: Buffer) {
    super();
    this.wire = wire;
    this.limit = wire.length;
  }

  read(): ResponseBody {
    let contentType = UNKNOWN_TYPE;
    let bytes = this.wire.subarray(0, 0);
    for (let tag = this.next(); tag !== 0; tag = this.next()) {
      if (tag === CONTENT_TYPE) contentType = this.#bytes().toString() || UNKNOWN_TYPE;
      else if (tag === DATA) bytes = this.#bytes();
      else this.skip(tag);
    }
    if (!HEADER_TEXT.test(contentType)) {
      throw new GatewayError(Status.INTERNAL, "the server sent a content_type that is not a valid header value");
    }
    return { contentType, bytes };
  }

  #bytes(): Buffer {
    const end = this.lengthEnd();
    const bytes = this.wire.subarray(this.at, end);
    this.at = end;
    return bytes;
  }
}
