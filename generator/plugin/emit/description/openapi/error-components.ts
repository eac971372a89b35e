import type { ApiSettings } from "../../../model/api-settings.js";
import type { JsonObject } from "../../../model/json.js";
import { ANY } from "../../../model/well-known.js";
import { ERROR_RESPONSE, STREAM_ERROR_RESPONSE } from "../notes.js";
import { ERROR_MEMBERS, type Schemas, STATUS } from "../schemas.js";
import { json } from "./json-content.js";

const V1_ERROR = "V1Error";
const V1_STREAM_ERROR = "V1StreamError";

/** The schemas of errors, and the error responses that operations refer to. */
export class ErrorComponents {
  /** The schema of an error that is a whole response body. */
  readonly error: JsonObject;
  /** The schema of an error in a stream. */
  readonly streamError: JsonObject;
  readonly #schemas: Schemas;
  readonly #hasStreams: boolean;
  readonly #hasV1: boolean;

  /** @param schemas the schemas of messages; those that errors contain are added to them */
  constructor(settings: ApiSettings, schemas: Schemas, hasStreams: boolean) {
    this.#schemas = schemas;
    this.#hasStreams = hasStreams;
    this.#hasV1 = settings.servers.some(({ dialect }) => dialect === "grpcGatewayV1");
    const status = schemas.message(STATUS, "response");
    // If a server uses dialect v1, an error has one of two forms.
    const orV1 = (name: string): JsonObject => ({ anyOf: [status, { $ref: `#/components/schemas/${name}` }] });
    this.error = this.#hasV1 ? orV1(V1_ERROR) : status;
    this.streamError = this.#hasV1 ? orV1(V1_STREAM_ERROR) : status;
  }

  /** Returns the schemas of errors that are not messages, by their names. */
  schemas(): JsonObject {
    if (!this.#hasV1) return {};
    const { error, streamError } = v1Errors({ type: "array", items: this.#schemas.message(ANY, "response") });
    return { [V1_ERROR]: error, ...(this.#hasStreams ? { [V1_STREAM_ERROR]: streamError } : {}) };
  }

  /** Returns the error responses, by their names. */
  responses(): JsonObject {
    const line = { type: "object", properties: { error: this.streamError }, required: ["error"] };
    const inStream = { description: STREAM_ERROR_RESPONSE, content: json({ anyOf: [line, this.error] }) };
    return {
      Error: { description: ERROR_RESPONSE, content: json(this.error) },
      ...(this.#hasStreams ? { StreamError: inStream } : {}),
    };
  }
}

/** The schemas of the errors of servers that use grpc-gateway's dialect v1, for example etcd up to 3.5. */
function v1Errors(details: JsonObject): { readonly error: JsonObject; readonly streamError: JsonObject } {
  const { code, message } = ERROR_MEMBERS;
  return {
    error: {
      type: "object",
      description: "An error in the dialect v1.",
      required: ["error", "code", "message"],
      properties: { error: { type: "string", description: "The message once more." }, code, message, details },
    },
    streamError: {
      type: "object",
      description: "An error that ends a stream, in the dialect v1.",
      required: ["grpc_code", "http_code", "message", "http_status"],
      properties: {
        grpc_code: code,
        http_code: { type: "integer", format: "int32", description: "The HTTP status that stands for it." },
        message,
        http_status: { type: "string", description: "The name of that HTTP status." },
        details,
      },
    },
  };
}
