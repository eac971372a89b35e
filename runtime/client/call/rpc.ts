import type { HttpRequest } from "../http/http-request.js";
import type { AnyFields, Fields, Scalar, WellKnown } from "../json/fields.js";
import { Json } from "../json/well-known.js";

/** One way to reach an rpc, as its rule in the proto file says. */
export interface Binding {
  /** The HTTP method; `*` for any. */
  readonly method: string;
  /** The path template: `/v1/{name=shelves/*}`. */
  readonly path: string;
  /** What the body is: `*` for the whole message, or a field; without it there is none. */
  readonly body?: string;
  /** The field whose value the response is; without it, the response is the whole message. */
  readonly responseBody?: string;
  /** Makes the HTTP request of a message. Clients import only the functions that their bindings need. */
  readonly bind: Bind;
}

/**
 * Makes the HTTP request of a message.
 *
 * @throws FieldError if the message does not fit its type or the binding
 */
export type Bind = (type: MessageType, binding: Binding, message: unknown) => BoundParts;

/** What of an HTTP request depends on the message. */
export type BoundParts = Pick<HttpRequest, "method" | "path" | "body" | "contentType">;

/** The type of a message as a whole: its fields, or, of some well-known types, the one value that it stands for. */
export type MessageType = AnyFields | WellKnown | Scalar;

/** An rpc as a client knows it. */
export interface Rpc {
  /** The full proto name: `etcdserverpb.KV.Range`. */
  readonly name: string;
  /** The first one counts whose path the request fits. */
  readonly bindings: readonly [Binding, ...Binding[]];
  readonly request: MessageType;
  readonly response: MessageType;
  /** Whether its proto file says that it changes nothing. */
  readonly idempotent: boolean;
}

/** The table that goes with a message of ts-proto's. */
export type TypeOf<Message> = Fields<Message> | WellKnown | Scalar;

/** `google.api.HttpBody`: an HTTP body as it is, where it is a whole one. */
export const HttpBody: Fields<{ content_type: string; data: Uint8Array; extensions: unknown[] }> = () => ({
  content_type: "string",
  data: "bytes",
  extensions: [Json],
});
