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

/** The options for writing response JSON. */
export type ResponseSettings = Omit<JsonWriteOptions, "onUnknownType" | "onMalformedMessage">;

const JSON_TYPE = "application/json";
const EMPTY = Buffer.alloc(0);

/**
 * Converts the response messages of a route to HTTP bodies: the message's JSON, the JSON of the field that
 * `response_body` names, or the bytes in a `google.api.HttpBody`. The constructor decides which.
 */
export class ResponseTranscoder {
  /** Whether bodies are raw bytes of any type. Raw bodies have no framing, and a raw stream cannot carry an error. */
  readonly raw: boolean;
  /**
   * Converts a message's wire bytes to a body. JSON gets the ASCII texts `prefix` and `suffix` around it.
   *
   * @throws WireError if the wire bytes are malformed
   */
  readonly body: (wire: Buffer, prefix?: string, suffix?: string) => ResponseBody;
  /**
   * Converts a large message in slices, because it takes too long to convert at once; `undefined` if the route does not
   * support it. `onFlaw` is called at the end if messages could not be read.
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

/** The options that report unreadable messages. */
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

/**
 * Converts a message in slices. Other messages are converted in between, so each has its own record of unreadable
 * messages.
 */
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
