import type { GatewayError } from "../errors/gateway-error.js";
import type { MessageCodec } from "../json/codec.js";
import { jsonSlices } from "../json/write/json-slices.js";
import type { JsonWriteOptions } from "../json/write/json-write-options.js";
import { wireToJson } from "../json/write/wire-to-json.js";
import { messagePieces } from "./body/field-pieces.js";
import { fieldToJson, type ToJsonText } from "./body/field-to-json.js";
import { isHttpBody, readHttpBody } from "./body/http-body.js";
import { OpaqueMessages } from "./opaque-messages.js";
import type { ResponseBody, SlicedBody } from "./response-body.js";
import type { Route } from "./route.js";

/** How response JSON is written. */
export type ResponseSettings = Omit<JsonWriteOptions, "onUnknownType" | "onMalformedMessage">;

const JSON_TYPE = "application/json";
const EMPTY = Buffer.alloc(0);

/**
 * Makes HTTP bodies of a route's response messages: their JSON, or that of the field that `response_body` names, or the
 * bytes that a `google.api.HttpBody` holds. How is decided once.
 */
export class ResponseTranscoder {
  /** Whether bodies are bytes of any type: no frame goes around them, and a stream has no place for an error. */
  readonly raw: boolean;
  /**
   * The body of a message, given as wire bytes; JSON with ASCII text before and after it.
   *
   * @throws WireError if the wire is malformed
   */
  readonly body: (wire: Buffer, prefix?: string, suffix?: string) => ResponseBody;
  /**
   * The same for a large message, which takes too long to encode at once; `undefined` if it has no other way. `onFlaw` is
   * told at the end what is to be told of the body.
   */
  readonly slices: ((wire: Buffer, onFlaw: (flaw: GatewayError) => void) => SlicedBody) | undefined;

  /**
   * @throws TypeError if `response_body` names no field
   */
  constructor({ rpc, binding }: Route, settings: ResponseSettings = {}) {
    const opaque = new OpaqueMessages();
    const options = { ...settings, ...told(opaque) };
    const { response } = rpc;
    const { responseBody } = binding;
    const field = response.fields.find(({ name }) => name === responseBody);
    if (responseBody !== undefined && field === undefined) {
      throw new TypeError(
        `${rpc.name}: the response_body of ${binding.method} ${binding.template}: ` +
          `${response.name} has no field ${responseBody}: name one of its fields`,
      );
    }
    const isMessage = field?.type === "message" && field.cardinality === "singular";
    this.raw = isHttpBody(isMessage ? field.message : response) && (field === undefined || isMessage);
    const isWhole = field === undefined && !this.raw;
    this.slices = isWhole
      ? (wire, onFlaw) => ({ contentType: JSON_TYPE, slices: slicesOf(response, wire, settings, onFlaw) })
      : undefined;
    if (!this.raw) {
      const toJson = field === undefined ? wholeToJson(rpc, options) : fieldToJson(response, field, options);
      this.body = jsonBody(toJson, opaque);
    } else if (field === undefined) this.body = readHttpBody;
    else this.body = (wire) => readHttpBody(messagePieces(response, field, wire) ?? EMPTY);
  }
}

/** What is told of messages that cannot be read, as options. */
function told({ onUnknownType, onMalformedMessage }: OpaqueMessages): JsonWriteOptions {
  return { onUnknownType, onMalformedMessage };
}

function wholeToJson({ response }: Route["rpc"], options: JsonWriteOptions): ToJsonText {
  return (wire, prefix, suffix) => wireToJson(response, wire, prefix, suffix, options);
}

function jsonBody(toJson: ToJsonText, opaque: OpaqueMessages): ResponseTranscoder["body"] {
  return (wire, prefix, suffix) => {
    const bytes = toJson(wire, prefix, suffix);
    return { contentType: JSON_TYPE, bytes, flaw: opaque.take() };
  };
}

/** The slices of a message. Others are made in between, so what is to be told is kept for each alone. */
function* slicesOf(
  codec: MessageCodec,
  wire: Buffer,
  settings: ResponseSettings,
  onFlaw: (flaw: GatewayError) => void,
): Generator<Buffer | undefined, void> {
  const opaque = new OpaqueMessages();
  yield* jsonSlices(codec, wire, { ...settings, ...told(opaque) });
  const flaw = opaque.take();
  if (flaw !== undefined) onFlaw(flaw);
}
