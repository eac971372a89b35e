import type { HttpRequest } from "../http/http-request.js";
import type { AnyFields, Fields, Scalar, WellKnown } from "../json/fields.js";

/** One HTTP binding of an RPC, from the rule in the proto file. */
export interface Binding {
  /** The HTTP method, or `*` for any. */
  readonly method: string;
  /** The path template, for example `/v1/{name=shelves/*}`. */
  readonly path: string;
  /** The body: `*` for the whole message, or the name of a field. If it is absent, there is no body. */
  readonly body?: string;
  /** The field whose value is the response. If it is absent, the response is the whole message. */
  readonly responseBody?: string;
  /** Makes the HTTP request for a message. Clients import only the functions that their bindings need. */
  readonly bind: Bind;
}

/**
 * Makes the HTTP request for a message.
 *
 * @throws FieldError if the message does not fit its type or the binding
 */
export type Bind = (type: MessageType, binding: Binding, message: unknown) => BoundParts;

/** The parts of an HTTP request that depend on the message. */
export type BoundParts = Pick<HttpRequest, "method" | "path" | "body" | "contentType">;

/** The type of a whole message: its fields or, for some well-known types, the single value that it stands for. */
export type MessageType = AnyFields | WellKnown | Scalar;

/** What a client knows about an RPC. */
export interface Rpc {
  /** The full proto name, for example `etcdserverpb.KV.Range`. */
  readonly name: string;
  /** The client uses the first binding whose path the request fits. */
  readonly bindings: readonly [Binding, ...Binding[]];
  readonly request: MessageType;
  readonly response: MessageType;
  /** Whether the proto file says that the RPC changes nothing on the server. */
  readonly idempotent: boolean;
}

/** The table that describes a ts-proto message type. */
export type TypeOf<Message> = Fields<Message> | WellKnown | Scalar;
