import type { DocumentDocs, OperationDocs, SchemaDocs, TagDocs } from "./documentation.js";
import type { FieldOptionsModel, ResourceModel } from "./field-options.js";

/*
 * The generator's knowledge of an API, as plain data. `read` makes it and `emit` uses it. It can be printed as JSON and
 * is readable without a descriptor library.
 */

/** An API: the files to generate, and every message and enum that they reach, including those of other files. */
export interface Model {
  /** First the files that other files need, then the files to generate, in the order given. */
  readonly files: readonly FileModel[];
  /** Every message by its full proto name, including those of imported files. */
  readonly messages: Readonly<Record<string, MessageModel>>;
  /** Every enum by its full proto name, including those of imported files. */
  readonly enums: Readonly<Record<string, EnumModel>>;
}

/** A proto file to generate. */
export interface FileModel {
  /** The path as imported, e.g. `etcd/api/etcdserverpb/rpc.proto`. */
  readonly path: string;
  /** The proto package. `""` for none. */
  readonly package: string;
  /**
   * Full names of its messages in declaration order. Nested messages follow the one that contains them. Map entries are
   * not included.
   */
  readonly messages: readonly string[];
  /** Full names of its enums in declaration order. */
  readonly enums: readonly string[];
  /** Local names of further types in ts-proto's output: map entries, and types that are left out here. */
  readonly otherTypes: readonly string[];
  /** The services to serve. */
  readonly services: readonly ServiceModel[];
  /** Local names of the services that are not served. ts-proto writes them too. */
  readonly otherServices: readonly string[];
  readonly docs?: DocumentDocs;
}

/** The common properties of named elements. */
export interface Element {
  /** The full proto name, without a leading dot. */
  readonly name: string;
  /** The text of the comment, without comment marks. Its lines are joined by line feeds. `""` for none. */
  readonly comment: string;
  readonly deprecated: boolean;
  /** The labels of `google.api.visibility`. A reader needs one of them to see the element. Absent for none. */
  readonly visibility?: readonly string[];
}

/** A message type. */
export interface MessageModel extends Element {
  /** The path of the file that declares it. */
  readonly file: string;
  /** ts-proto's TypeScript name of it: the proto name without the package, with nested names joined by `_`. */
  readonly localName: string;
  /** Fields in declaration order. */
  readonly fields: readonly FieldModel[];
  /** Names of fields and whole oneofs that are left out here but that ts-proto's type has. Absent for none. */
  readonly leftOut?: readonly string[];
  /** Its extensions in the files to generate, ordered by number. The name of each is its full name in brackets. */
  readonly extensions: readonly FieldModel[];
  /** The type of resource that it represents. Absent for none. */
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
      /** Whether the message is encoded as a group. */
      readonly delimited: boolean;
    };

/** A field. */
export interface FieldModel extends FieldOptionsModel {
  /** The proto name without the package. For an extension, the full name in brackets. */
  readonly name: string;
  /** The JSON name: the lowerCamelCase name, or the value of `json_name`. */
  readonly jsonName: string;
  readonly number: number;
  readonly comment: string;
  readonly deprecated: boolean;
  readonly type: ValueType;
  readonly cardinality: "singular" | "repeated" | "map";
  /** The key type of a map. */
  readonly mapKey?: ScalarType;
  /**
   * Whether an absent field differs from one with its default value: messages, oneof members, `optional`, proto2.
   * Always `false` for lists and maps.
   */
  readonly explicitPresence: boolean;
  /** Whether the field is `required` in proto2. */
  readonly required: boolean;
  /** Whether a repeated scalar is written packed. */
  readonly packed: boolean;
  /** Whether strings of the field must be valid UTF-8, as by default in proto3 and editions. */
  readonly validateUtf8: boolean;
  /** The oneof that it is a member of. Synthetic oneofs do not count. */
  readonly oneof?: string;
  /** See {@link Element}. */
  readonly visibility?: readonly string[];
  readonly docs?: SchemaDocs;
}

/** An enum type. */
export interface EnumModel extends Element {
  readonly file: string;
  readonly localName: string;
  /** Whether the enum is closed, as in proto2. An unknown number of a closed enum is an unknown field. */
  readonly closed: boolean;
  /** Values in declaration order, including aliases. */
  readonly values: readonly EnumValueModel[];
  readonly docs?: SchemaDocs;
}

/** A value of an enum. */
export interface EnumValueModel extends Element {
  /** The name in the enum, without that of the enum. */
  readonly name: string;
  readonly number: number;
}

/** A service. */
export interface ServiceModel extends Element {
  /** The TypeScript name of the service: the proto name without the package. */
  readonly localName: string;
  /**
   * The lowerCamelCase name, for example `kv` for `KV`. It ends in a number if an earlier service of the file has the
   * same name.
   */
  readonly constName: string;
  readonly rpcs: readonly RpcModel[];
  readonly docs?: TagDocs;
}

/** An RPC. */
export interface RpcModel extends Element {
  /**
   * ts-proto's lowerCamelCase name, for example `leaseGrant`. It ends in a number if an earlier RPC of the service has
   * the same name.
   */
  readonly localName: string;
  /** The gRPC path: `/etcdserverpb.KV/Range`. */
  readonly path: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
  /** Whether `idempotency_level` is `NO_SIDE_EFFECTS`. */
  readonly noSideEffects: boolean;
  /** The full name of the request message. */
  readonly input: string;
  /** The full name of the response message. */
  readonly output: string;
  readonly bindings: readonly BindingModel[];
  readonly docs?: OperationDocs;
}

/** One HTTP binding of an RPC, in the form of the runtime's `Binding`. */
export interface BindingModel {
  /** The HTTP method in upper case, a custom kind as written, or `*` for any method. */
  readonly method: string;
  readonly template: string;
  readonly path: PathTemplate;
  /** `*` for the whole message, a field's proto name, or `""` for no body. */
  readonly body: string;
  /** A field's proto name, or `""` for the whole message. */
  readonly responseBody: string;
}

/** A parsed path template. */
export interface PathTemplate {
  /** All segments, including those of variables. */
  readonly segments: readonly SegmentModel[];
  readonly variables: readonly VariableModel[];
  /** The custom verb without its colon. `""` for none. */
  readonly verb: string;
}

/** A segment of a path template: a literal, any one segment, or any number of segments. */
export type SegmentModel =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "*" }
  | { readonly kind: "**" };

/** A variable of a path template. */
export interface VariableModel {
  /** Proto names of the field path, outermost first. */
  readonly field: readonly string[];
  /** The range of its segments: from `start`, up to but not including `end`. */
  readonly start: number;
  readonly end: number;
}
