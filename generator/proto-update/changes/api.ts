/**
 * An API from its users' point of view. Two APIs that compare equal behave equally on the wire, in JSON and over HTTP.
 * Comments, options of other tools and version annotations are not included. The keys of maps are full names.
 */
export interface Api {
  /** Import paths. */
  readonly files: ReadonlySet<string>;
  /** The file of each service. */
  readonly services: ReadonlyMap<string, string>;
  /** The RPCs by `package.Service.Rpc`. */
  readonly rpcs: ReadonlyMap<string, Rpc>;
  readonly messages: ReadonlyMap<string, Message>;
  readonly enums: ReadonlyMap<string, Enum>;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** An RPC. */
export interface Rpc {
  readonly service: string;
  readonly request: Payload;
  readonly response: Payload;
  /** The routes, such as `POST /v3/kv/range`. If the body is not the whole message, it is named, too. */
  readonly routes: readonly string[];
}

/** What an RPC sends or receives: one message of a type, or a stream of them. */
export interface Payload {
  readonly stream: boolean;
  readonly type: string;
}

/** A message type. Its nested types stand beside it. */
export interface Message {
  readonly file: string;
  readonly fields: readonly Field[];
}

/** A field of a message. */
export interface Field {
  readonly name: string;
  readonly number: number;
  /** The type as in proto, with full names: `bytes`, `repeated mvccpb.KeyValue`, `map<string, int64>`. */
  readonly type: string;
  /** The oneof that contains the field, or empty if there is none. */
  readonly oneof: string;
}

/** An enum. */
export interface Enum {
  readonly file: string;
  readonly values: readonly EnumValue[];
}

/** A value of an enum. */
export interface EnumValue {
  readonly name: string;
  readonly number: number;
}

/** A field that a file adds to a message of another. */
export interface Extension {
  readonly file: string;
  readonly number: number;
  readonly type: string;
  /** The message that it extends. */
  readonly extendee: string;
}

/** The API of a folder without files. */
export const NO_API: Api = {
  files: new Set(),
  services: new Map(),
  rpcs: new Map(),
  messages: new Map(),
  enums: new Map(),
  extensions: new Map(),
};
