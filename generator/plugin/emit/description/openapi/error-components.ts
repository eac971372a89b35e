import type { JsonObject } from "../../../model/json.js";
import { ERROR_RESPONSE, STREAM_ERROR_RESPONSE } from "../notes.js";
import { json } from "./json-content.js";

/** The errors of servers that use grpc-gateway's dialect v1, for example etcd up to 3.5. */
export interface V1Errors {
  /** The schema of an error that is a whole response body. */
  readonly error: JsonObject;
  /** The schema of an error in a stream. */
  readonly streamError: JsonObject;
}

/**
 * Makes the schemas of {@link V1Errors}.
 *
 * @param details the schema of the error's details
 */
export function v1Errors(details: JsonObject): V1Errors {
  const message = { type: "string", description: "What is wrong." };
  const code = { type: "integer", format: "int32", description: "The gRPC status code." };
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

/**
 * The error responses that operations refer to.
 *
 * @param error the schema of an error that is a whole response body
 * @param streamError the schema of an error in a stream; absent if there are no streams
 */
export function errorResponses(error: JsonObject, streamError: JsonObject | undefined): JsonObject {
  const line = { type: "object", properties: { error: streamError ?? error }, required: ["error"] };
  return {
    Error: { description: ERROR_RESPONSE, content: json(error) },
    ...(streamError === undefined
      ? {}
      : { StreamError: { description: STREAM_ERROR_RESPONSE, content: json({ anyOf: [line, error] }) } }),
  };
}
