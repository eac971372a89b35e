import { Code } from "../errors/code.js";
import { RpcError } from "../errors/rpc-error.js";
import type { RawBody } from "../http/call-text.js";
import { textOrBytes } from "../json/bytes.js";
import { infoOf } from "../json/fields.js";
import { HttpBody } from "../json/http-body.js";
import { type JsonValue, parseJson } from "../json/json-value.js";
import { readMessage, readValue } from "../json/read.js";
import type { Binding, Rpc } from "./client-rpc.js";

/** Reads the responses of an RPC that is called through one of its bindings. */
export interface ResponseReader {
  /** Whether responses are raw HTTP bodies instead of JSON. */
  readonly raw: boolean;
  /**
   * Reads a message from a JSON value.
   *
   * @throws RpcError `INTERNAL` if the value does not fit the message type
   */
  ofJson(json: JsonValue): unknown;
  /**
   * Reads a message from JSON text.
   *
   * @throws RpcError `INTERNAL` if the text is not JSON or does not fit the message type
   */
  ofText(text: string): unknown;
  ofBytes(body: RawBody): unknown;
}

/** Makes the reader for the responses of a call. */
export function responseReader(rpc: Rpc, { responseBody }: Binding, text: boolean): ResponseReader {
  const { name, response } = rpc;
  const field =
    responseBody === undefined || typeof response !== "function"
      ? undefined
      : infoOf(response).byJsonName.get(responseBody);
  const ofJson = (json: JsonValue): unknown => {
    try {
      if (typeof response !== "function") return readValue(response, json, text);
      return readMessage(response, field === undefined ? json : { [field.name]: json }, text);
    } catch (cause) {
      throw new RpcError(Code.INTERNAL, `the response cannot be read: ${cause}`, { rpc: name, cause });
    }
  };
  return {
    raw: response === HttpBody || (field?.type === HttpBody && field.kind === "singular"),
    ofJson,
    ofText(body) {
      const json = parseJson(body);
      if (json !== undefined) return ofJson(json);
      throw new RpcError(Code.INTERNAL, `the response is not valid JSON: ${JSON.stringify(body.slice(0, 200))}`, {
        rpc: name,
      });
    },
    ofBytes({ contentType, data }) {
      const body = { content_type: contentType, data: text ? textOrBytes(data) : data, extensions: [] };
      if (field === undefined || typeof response !== "function") return body;
      const whole = readMessage(response, {}, text);
      return {
        ...whole,
        [field.oneof ?? field.name]: field.oneof === undefined ? body : { $case: field.name, value: body },
      };
    },
  };
}
