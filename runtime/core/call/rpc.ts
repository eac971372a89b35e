import type { MessageCodec } from "../json/codec.js";
import type { JsonReadOptions } from "../json/read/json-read-options.js";

/** One segment of a path template: a literal (already percent-decoded), any one segment, or any number of segments. */
export type Segment = string | { readonly wildcard: "*" | "**" };

/** A variable of a path template. */
export interface PathVariable {
  /** Where its value goes: the proto names of a field path, outermost first. */
  readonly field: readonly string[];
  /** Its first segment, counted from 0. */
  readonly start: number;
  /** One past its last segment. */
  readonly end: number;
}

/**
 * One way to reach an rpc over HTTP, from a `google.api.http` rule.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export interface Binding {
  /** The HTTP method, or `*` for any (a custom rule of kind `*`). */
  readonly method: string;
  /** The path template as written in the proto; the path itself if it has no wildcard, variable or verb. */
  readonly template: string;
  /** The template's segments, variables flattened into them. Absent for a literal template. */
  readonly segments?: readonly Segment[];
  /** The template's variables. */
  readonly variables?: readonly PathVariable[];
  /** The custom verb, without its colon. */
  readonly verb?: string;
  /** Where the request body goes: `*` for the whole message, a field's proto name, or absent for no body. */
  readonly body?: string;
  /** The field whose value is the whole response body; absent for the whole message. */
  readonly responseBody?: string;
}

/**
 * The gRPC definition of a method, of the shape that grpc-js has, and ts-proto with `outputServices=grpc-js`. Its functions are declared as methods, so
 * that a method of known messages is also one of unknown messages.
 */
export interface Method<Request = unknown, Response = unknown> {
  /** The gRPC path, e.g. `/etcdserverpb.KV/Range`. */
  readonly path: string;
  /** The client sends any number of requests. */
  readonly requestStream: boolean;
  /** The server sends any number of responses. */
  readonly responseStream: boolean;
  requestSerialize(value: Request): Buffer;
  requestDeserialize(bytes: Buffer): Request;
  responseSerialize(value: Response): Buffer;
  responseDeserialize(bytes: Buffer): Response;
}

/** One rpc as the generator describes it: what it is called, what it carries and where HTTP finds it. */
export interface Rpc<Request = unknown, Response = unknown> {
  /** The full proto name, e.g. `etcdserverpb.KV.Range`. */
  readonly name: string;
  /** The gRPC definition of the method: its path, what streams, and the message types. */
  readonly method: Method<Request, Response>;
  /** Transcodes the request message. */
  readonly request: MessageCodec;
  /** Transcodes the response message. */
  readonly response: MessageCodec;
  /** The HTTP bindings, the primary one first; empty for an rpc without a rule. */
  readonly bindings: readonly Binding[];
}

/** The rpcs of one service, by their lowerCamel name. */
export interface Service {
  /** The full proto name, e.g. `etcdserverpb.KV`. */
  readonly name: string;
  readonly rpcs: Readonly<Record<string, Rpc>>;
  /** How the JSON of its requests is read, where the gateway is not told otherwise. */
  readonly json?: Pick<JsonReadOptions, "unknownFields" | "unknownEnumNumbers">;
}

/** An {@link Rpc} that keeps what the definition of its method says: the messages, and what streams. */
export type RpcOf<Definition> =
  Definition extends Method<infer Request, infer Response>
    ? Rpc<Request, Response> & { readonly method: Definition }
    : never;

/** A {@link Service} whose rpcs keep the messages of their definitions, given by name, as in `typeof KVService`. */
export interface ServiceOf<Methods> extends Service {
  readonly rpcs: { readonly [Name in keyof Methods]: RpcOf<Methods[Name]> };
}
