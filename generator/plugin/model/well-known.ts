import type { ScalarType } from "./model.js";

/** A well-known type that wraps a single scalar, by its name in the package `google.protobuf`. */
export type WrapperName =
  | "BoolValue"
  | "BytesValue"
  | "DoubleValue"
  | "FloatValue"
  | "Int32Value"
  | "Int64Value"
  | "StringValue"
  | "UInt32Value"
  | "UInt64Value";

/** Any other well-known type with a special JSON form, by its name in the package `google.protobuf`. */
export type WellKnownName = "Any" | "Duration" | "Empty" | "FieldMask" | "ListValue" | "Struct" | "Timestamp" | "Value";

/** The types of the values in wrappers. */
const WRAPPERS: Readonly<Record<WrapperName, ScalarType>> = {
  BoolValue: "bool",
  BytesValue: "bytes",
  DoubleValue: "double",
  FloatValue: "float",
  Int32Value: "int32",
  Int64Value: "int64",
  StringValue: "string",
  UInt32Value: "uint32",
  UInt64Value: "uint64",
};

interface WellKnownType {
  /** The file in `google/protobuf/` that declares it, without `.proto`. */
  readonly file: string;
  readonly form: "string" | "freeForm" | "any" | "empty";
}

/**
 * The well-known types with a special JSON form. The runtime contains their codecs (`runtime/core/json/well-known/`).
 * The other messages of the package are ordinary messages.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
const WELL_KNOWN_TYPES: Readonly<Record<WellKnownName, WellKnownType>> = {
  Any: { file: "any", form: "any" },
  Duration: { file: "duration", form: "string" },
  Empty: { file: "empty", form: "empty" },
  FieldMask: { file: "field_mask", form: "string" },
  ListValue: { file: "struct", form: "freeForm" },
  Struct: { file: "struct", form: "freeForm" },
  Timestamp: { file: "timestamp", form: "string" },
  Value: { file: "struct", form: "freeForm" },
};

const PACKAGE = "google.protobuf.";

/** The full name of the message that can contain any other message. */
export const ANY: string = `${PACKAGE}Any`;

/** The full name of the message whose bytes are a whole request or response body of any content type. */
export const HTTP_BODY = "google.api.HttpBody";

/** The name of a well-known type in its package. `undefined` for wrappers and all other messages. */
export function wellKnownName(message: string): WellKnownName | undefined {
  const name = nameInPackage(message);
  return isMember(WELL_KNOWN_TYPES, name) ? name : undefined;
}

/** The type of the value in a wrapper message. `undefined` if the message is not a wrapper. */
export function wrappedScalar(message: string): ScalarType | undefined {
  const name = nameInPackage(message);
  return isMember(WRAPPERS, name) ? WRAPPERS[name] : undefined;
}

/** Whether the JSON of a message is a string, number or boolean, so that it can be text in a URL. */
export function isSingleValue(message: string): boolean {
  return wrappedScalar(message) !== undefined || formOf(message) === "string";
}

/** Whether the JSON of a message can have any shape. */
export function isFreeForm(message: string): boolean {
  return formOf(message) === "freeForm";
}

/** The files that declare the well-known types. */
export const WELL_KNOWN_FILES: ReadonlySet<string> = new Set(
  ["wrappers", ...Object.values(WELL_KNOWN_TYPES).map(({ file }) => file)].map(
    (file) => `google/protobuf/${file}.proto`,
  ),
);

/**
 * The files that declare the HTTP rules. Code for them is generated only if a message has a field of one of their
 * types.
 */
export const RULE_FILES: ReadonlySet<string> = new Set(["google/api/annotations.proto", "google/api/http.proto"]);

function formOf(message: string): WellKnownType["form"] | undefined {
  const name = wellKnownName(message);
  return name === undefined ? undefined : WELL_KNOWN_TYPES[name].form;
}

function nameInPackage(message: string): string {
  return message.startsWith(PACKAGE) ? message.slice(PACKAGE.length) : "";
}

function isMember<Name extends string>(table: Readonly<Record<Name, unknown>>, name: string): name is Name {
  return Object.hasOwn(table, name);
}
