import type { GatewayError, StatusDetail } from "../errors/gateway-error.js";
import { AnyCodec } from "../json/well-known/any.js";
import { WireError } from "../json/wire/wire-error.js";
import { WireWriter } from "../json/wire/wire-writer.js";
import type { JsonWriteOptions } from "../json/write/json-write-options.js";
import { wireToJson } from "../json/write/wire-to-json.js";
import type { ErrorBody, ErrorFormat } from "./error-format.js";

/** Writes errors in a format, their details as protobuf JSON. */
export class ErrorWriter {
  readonly #format: ErrorFormat;
  readonly #json: JsonWriteOptions;

  /** @param json how details are written; by default only the types are known that always are */
  constructor(format: ErrorFormat, json: JsonWriteOptions = {}) {
    this.#format = format;
    this.#json = json;
  }

  /** Whether a 401 has the header `WWW-Authenticate`, with the message. */
  get challenges(): boolean {
    return this.#format.challenges;
  }

  /** The HTTP status of an error, if the response has not begun. */
  status(error: GatewayError): number {
    return this.#format.status(error);
  }

  /** The JSON text of an error that is a whole response body. */
  body(error: GatewayError): string {
    return this.#format.body(error, this.#details(error));
  }

  /** The JSON text of an error in a stream, as its only or its last message. */
  streamBody(error: GatewayError): string {
    return this.#format.streamBody(error, this.#details(error));
  }

  /** The response body for a request that no route matches. */
  routingBody(error: GatewayError): ErrorBody {
    return this.#format.routingBody(error, this.#details(error));
  }

  #details({ details }: GatewayError): readonly object[] {
    return details.map((detail) => detailJson(detail, this.#json));
  }
}

/** A detail as the JSON of a `google.protobuf.Any`. One that cannot be read has its bytes, as if its type were unknown. */
function detailJson(detail: StatusDetail, json: JsonWriteOptions): object {
  try {
    return JSON.parse(wireToJson(AnyCodec, anyWire(detail), "", "", json).toString());
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { "@type": detail.typeUrl, "@value": Buffer.from(detail.value).toString("base64") };
  }
}

function anyWire({ typeUrl, value }: StatusDetail): Buffer {
  const out = new WireWriter(typeUrl.length + value.length + 16);
  for (const [index, bytes] of [Buffer.from(typeUrl), value].entries()) {
    out.varint32(((index + 1) << 3) | 2);
    out.varint32(bytes.length);
    out.append(bytes, 0, bytes.length);
  }
  return out.finish();
}
