import { jsonSlices } from "../json/write/json-slices.js";
import type { JsonWriteOptions } from "../json/write/json-write-options.js";
import { wireToJson } from "../json/write/wire-to-json.js";
import { messagePieces } from "./body/field-pieces.js";
import { fieldToJson, type ToJsonText } from "./body/field-to-json.js";
import { isHttpBody, readHttpBody } from "./body/http-body.js";
import type { ResponseBody, SlicedBody } from "./response-body.js";
import type { Route } from "./route.js";

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
  /** The same for a large message, which takes too long to encode at once; `undefined` if it has no other way. */
  readonly slices: ((wire: Buffer) => SlicedBody) | undefined;

  /**
   * @throws TypeError if `response_body` names no field
   */
  constructor({ rpc, binding }: Route, options: JsonWriteOptions = {}) {
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
      ? (wire) => ({ contentType: JSON_TYPE, slices: jsonSlices(response, wire, options) })
      : undefined;
    if (!this.raw)
      this.body = jsonBody(field === undefined ? wholeToJson(rpc, options) : fieldToJson(response, field, options));
    else if (field === undefined) this.body = readHttpBody;
    else this.body = (wire) => readHttpBody(messagePieces(response, field, wire) ?? EMPTY);
  }
}

function wholeToJson({ response }: Route["rpc"], options: JsonWriteOptions): ToJsonText {
  return (wire, prefix, suffix) => wireToJson(response, wire, prefix, suffix, options);
}

function jsonBody(toJson: ToJsonText): ResponseTranscoder["body"] {
  return (wire, prefix, suffix) => ({ contentType: JSON_TYPE, bytes: toJson(wire, prefix, suffix) });
}
