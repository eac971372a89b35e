import type { MessageCodec } from "../json/codec.js";
import type { JsonReadOptions } from "../json/read/json-read-options.js";

/** A segment of a path template: a literal (already percent-decoded), any one segment, or any number of segments. */
export type Segment = string | { readonly wildcard: "*" | "**" };

/** A variable of a path template. */
export interface PathVariable {
  /** The field that its value sets: a path of proto field names, outermost first. */
  readonly field: readonly string[];
  /** The index of its first segment. */
  readonly start: number;
  /** The index after its last segment. */
  readonly end: number;
}

/**
 * One way to call an RPC over HTTP, from a `google.api.http` rule.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export interface Binding {
  /** The HTTP method, or `*` for any method (a custom rule of kind `*`). */
  readonly method: string;
  /** The path template as written in the proto. It equals the path if it has no wildcard, variable or verb. */
  readonly template: string;
  /** The template's segments, including those of its variables. Absent for a literal template. */
  readonly segments?: readonly Segment[];
  /** The template's variables. */
  readonly variables?: readonly PathVariable[];
  /** The custom verb, without its colon. */
  readonly verb?: string;
  /** The field that the request body sets: `*` for the whole message, a field's proto name, or absent for no body. */
  readonly body?: string;
  /** The field whose value is the whole response body. Absent for the whole message. */
  readonly responseBody?: string;
}

/**
 * The gRPC definition of a method, in the shape of grpc-js and of ts-proto with `outputServices=grpc-js`. Its functions
 * are declared as methods, so that a method of known messages is assignable to one of unknown messages.
 */
export interface Method<Request = unknown, Response = unknown> {
  /** The gRPC path, e.g. `/etcdserverpb.KV/Range`. */
  readonly path: string;
  /** Whether the client sends any number of requests. */
  readonly requestStream: boolean;
  /** Whether the server sends any number of responses. */
  readonly responseStream: boolean;
  requestSerialize(value: Request): Buffer;
  requestDeserialize(bytes: Buffer): Request;
  responseSerialize(value: Response): Buffer;
  responseDeserialize(bytes: Buffer): Response;
}

/** An RPC as the generator describes it: its name, its messages and its HTTP bindings. */
export interface Rpc<Request = unknown, Response = unknown> {
  /** The full proto name, e.g. `etcdserverpb.KV.Range`. */
  readonly name: string;
  /** The gRPC definition of the method: its path, the sides that stream, and the message types. */
  readonly method: Method<Request, Response>;
  /** Transcodes the request message. */
  readonly request: MessageCodec;
  /** Transcodes the response message. */
  readonly response: MessageCodec;
  /** The HTTP bindings, the primary one first. Empty for an RPC without a rule. */
  readonly bindings: readonly Binding[];
}

/** The RPCs of a service, by their lowerCamel names. */
export interface Service {
  /** The full proto name, e.g. `etcdserverpb.KV`. */
  readonly name: string;
  readonly rpcs: Readonly<Record<string, Rpc>>;
  /** How to read the JSON of its requests, unless the gateway's options say otherwise. */
  readonly json?: Pick<JsonReadOptions, "unknownFields" | "unknownEnumNumbers">;
}

/** An {@link Rpc} with the message types and the streaming sides of its method's definition. */
export type RpcOf<Definition> =
  Definition extends Method<infer Request, infer Response>
    ? Rpc<Request, Response> & { readonly method: Definition }
    : never;

/**
 * A {@link Service} whose RPCs keep the message types of their definitions, by name, e.g. those of `typeof KVService`.
 */
export interface ServiceOf<Methods> extends Service {
  readonly rpcs: { readonly [Name in keyof Methods]: RpcOf<Methods[Name]> };
}

/** Whether a value has the shape of a `Service`. */
export function isService(given: unknown): given is Service {
  return hasMember(given, "name", "string") && hasMember(given, "rpcs", "object");
}

function hasMember(given: unknown, name: string, type: "string" | "object"): boolean {
  const member: unknown = typeof given === "object" && given !== null ? Reflect.get(given, name) : undefined;
  return member !== null && typeof member === type;
}
