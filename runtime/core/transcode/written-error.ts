import type { GatewayError, StatusDetail } from "../errors/gateway-error.js";
import { AnyCodec } from "../json/well-known/any.js";
import { WireError } from "../json/wire/wire-error.js";
import { WireWriter } from "../json/wire/wire-writer.js";
import type { JsonWriteOptions } from "../json/write/json-write-options.js";
import { wireToJson } from "../json/write/wire-to-json.js";
import type { ErrorBody, ErrorFormat } from "./error-format.js";
import { type CheckedErrorResponse, errorHeaders } from "./error-hook.js";
import type { HttpHeaders } from "./headers/app-headers.js";

const LONGEST_CHALLENGE = 1024;

/** An error as it is sent to one client: in the format of the gateway's dialect, or as the app's hook returned it. */
export class WrittenError {
  readonly error: GatewayError;
  readonly #format: ErrorFormat;
  readonly #json: JsonWriteOptions;
  readonly #custom: CheckedErrorResponse | undefined;

  constructor(
    error: GatewayError,
    format: ErrorFormat,
    json: JsonWriteOptions,
    custom: CheckedErrorResponse | undefined,
  ) {
    this.error = error;
    this.#format = format;
    this.#json = json;
    this.#custom = custom;
  }

  /** The HTTP status, for a response that has not begun. */
  get status(): number {
    return this.#custom?.status ?? this.#format.status(this.error);
  }

  /** The HTTP headers of the error, for a response that has not begun. */
  get headers(): HttpHeaders {
    const { message, headers } = this.error;
    const challenges = this.status === 401 && this.#format.challenges;
    const own = challenges ? { "WWW-Authenticate": headerText(message), ...headers } : headers;
    return errorHeaders(own, this.#custom);
  }

  /** The JSON text of the error as a whole response body. */
  get text(): string {
    return this.#custom?.body?.json ?? this.#format.body(this.error, this.#details());
  }

  /** The JSON text of the error in a stream. It is the last message of the stream, or the only one. */
  get streamText(): string {
    const custom = this.#custom?.body;
    return custom === undefined ? this.#format.streamBody(this.error, this.#details()) : `{"error":${custom.json}}`;
  }

  /** The response body for a request that no route matches. */
  get routingBody(): ErrorBody {
    return this.#custom?.body ?? this.#format.routingBody(this.error, this.#details());
  }

  /** Returns the response body: the app's body if its hook returned one, else `otherwise`, else the error's JSON. */
  body(otherwise?: ErrorBody): ErrorBody {
    return this.#custom?.body ?? otherwise ?? { contentType: "application/json", text: this.text };
  }

  #details(): readonly object[] {
    return this.error.details.map((detail) => detailJson(detail, this.#json));
  }
}

/** Converts a text to a header value: printable ASCII, cut to a length that clients' header limits allow. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, LONGEST_CHALLENGE);
}

/**
 * Converts a detail to the JSON of a `google.protobuf.Any`. A detail that cannot be read is written as bytes, like one
 * of an unknown type.
 */
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
