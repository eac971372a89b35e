import type { DocumentDocs, OperationDocs, SchemaDocs, TagDocs } from "./documentation.js";
import type { FieldOptionsModel, ResourceModel } from "./field-options.js";

/*
 * What the generator knows of an API, as plain data: made by `read`, consumed by `emit`. It can be printed as JSON and
 * needs no descriptor library to understand.
 */

/** An API: the files to generate, and every message and enum they reach, in other files too. */
export interface Model {
  /** The files that others need, and then the files to generate, in the order given. */
  readonly files: readonly FileModel[];
  /** Every message by its full proto name, those of imported files included. */
  readonly messages: Readonly<Record<string, MessageModel>>;
  /** Every enum by its full proto name, those of imported files included. */
  readonly enums: Readonly<Record<string, EnumModel>>;
}

/** A proto file to generate. */
export interface FileModel {
  /** The path as imported, e.g. `etcd/api/etcdserverpb/rpc.proto`. */
  readonly path: string;
  /** The proto package, `""` for none. */
  readonly package: string;
  /** Full names of its messages in declaration order, a nested one after the message it is in; no map entries. */
  readonly messages: readonly string[];
  /** Full names of its enums in declaration order. */
  readonly enums: readonly string[];
  /** Local names of further types that ts-proto writes: map entries, and types that are left out here. */
  readonly otherTypes: readonly string[];
  /** The services to serve. */
  readonly services: readonly ServiceModel[];
  /** Local names of the others, which ts-proto's module has all the same. */
  readonly otherServices: readonly string[];
  readonly docs?: DocumentDocs;
}

/** What every named element has. */
export interface Element {
  /** The full proto name, without a leading dot. */
  readonly name: string;
  /** The leading comment's text, lines joined by `\n`, without comment marks; `""` for none. */
  readonly comment: string;
  readonly deprecated: boolean;
  /** The labels of `google.api.visibility`, one of which one must have to see it; absent for none. */
  readonly visibility?: readonly string[];
}

/** A message type. */
export interface MessageModel extends Element {
  /** The path of the file that declares it. */
  readonly file: string;
  /** The TypeScript name that ts-proto gives it: the proto name without the package, nested names joined by `_`. */
  readonly localName: string;
  /** Fields in declaration order. */
  readonly fields: readonly FieldModel[];
  /** Fields and whole oneofs that are left out here, but not of ts-proto's type; absent for none. */
  readonly leftOut?: readonly string[];
  /** Extensions that the files to generate declare of it, by number; each is named by its full name in brackets. */
  readonly extensions: readonly FieldModel[];
  /** The kind of resource that it is; absent for none. */
  readonly resource?: ResourceModel;
  readonly docs?: SchemaDocs;
}

/** A protobuf scalar type. */
export type ScalarType =
  | "double"
  | "float"
  | "int32"
  | "int64"
  | "uint32"
  | "uint64"
  | "sint32"
  | "sint64"
  | "fixed32"
  | "fixed64"
  | "sfixed32"
  | "sfixed64"
  | "bool"
  | "string"
  | "bytes";

/** The type of a field, list element or map value. */
export type ValueType =
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "enum"; readonly name: string }
  | {
      readonly kind: "message";
      readonly name: string;
      /** Encoded as a group. */
      readonly delimited: boolean;
    };

/** A field. */
export interface FieldModel extends FieldOptionsModel {
  /** The proto name, not the full one; of an extension, the full name in brackets. */
  readonly name: string;
  /** The JSON name: lowerCamel, or what `json_name` says. */
  readonly jsonName: string;
  readonly number: number;
  readonly comment: string;
  readonly deprecated: boolean;
  readonly type: ValueType;
  readonly cardinality: "singular" | "repeated" | "map";
  /** The key type of a map. */
  readonly mapKey?: ScalarType;
  /** Whether absence is told from the default: a message, a oneof member, `optional`, proto2. Singular fields only. */
  readonly explicitPresence: boolean;
  /** proto2's `required`. */
  readonly required: boolean;
  /** A repeated scalar that is written packed. */
  readonly packed: boolean;
  /** A string that must be valid UTF-8 (proto3 and editions' default). */
  readonly validateUtf8: boolean;
  /** The oneof it is a member of (never a synthetic one). */
  readonly oneof?: string;
  /** As that of an {@link Element}. */
  readonly visibility?: readonly string[];
  readonly docs?: SchemaDocs;
}

/** An enum type. */
export interface EnumModel extends Element {
  readonly file: string;
  readonly localName: string;
  /** A closed enum (proto2): unknown numbers are unknown fields. */
  readonly closed: boolean;
  /** Values in declaration order, aliases included. */
  readonly values: readonly EnumValueModel[];
  readonly docs?: SchemaDocs;
}

/** A value of an enum. */
export interface EnumValueModel {
  readonly name: string;
  readonly number: number;
  readonly comment: string;
  readonly deprecated: boolean;
  /** As that of an {@link Element}. */
  readonly visibility?: readonly string[];
}

/** A service. */
export interface ServiceModel extends Element {
  /** The TypeScript name of the service: the proto name without the package. */
  readonly localName: string;
  /** The lowerCamel name: `kv` for `KV`; with a number if an earlier service of the file has it. */
  readonly constName: string;
  readonly methods: readonly MethodModel[];
  readonly docs?: TagDocs;
}

/** An rpc. */
export interface MethodModel extends Element {
  /** The lowerCamel name, as ts-proto names it: `leaseGrant`; with a number if an earlier rpc of the service has it. */
  readonly localName: string;
  /** The gRPC path: `/etcdserverpb.KV/Range`. */
  readonly path: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
  /** `idempotency_level = NO_SIDE_EFFECTS`. */
  readonly noSideEffects: boolean;
  /** Full name of the request message. */
  readonly input: string;
  /** Full name of the response message. */
  readonly output: string;
  readonly bindings: readonly BindingModel[];
  readonly docs?: OperationDocs;
}

/** One HTTP binding of an rpc; same shapes as the runtime's `Binding`. */
export interface BindingModel {
  /** The HTTP method in upper case, a custom kind as written, or `*`. */
  readonly method: string;
  readonly template: string;
  readonly path: PathTemplate;
  /** `*`, a field's proto name, or `""` for none. */
  readonly body: string;
  /** A field's proto name, or `""` for the whole message. */
  readonly responseBody: string;
}

/** A parsed path template. */
export interface PathTemplate {
  /** Variables flattened into them. */
  readonly segments: readonly SegmentModel[];
  readonly variables: readonly VariableModel[];
  /** The custom verb without its colon, `""` for none. */
  readonly verb: string;
}

export type SegmentModel =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "*" }
  | { readonly kind: "**" };

export interface VariableModel {
  /** Proto names of the field path, outermost first. */
  readonly field: readonly string[];
  /** Its segments: from `start`, up to and without `end`. */
  readonly start: number;
  readonly end: number;
}
