import type { ScalarType } from "./model.js";

/** The form of a well-known type's JSON, if it differs from that of other messages. */
type WellKnownForm = "scalar" | "string" | "freeForm" | "any" | "empty";

interface WellKnownType {
  /** The file in `google/protobuf/` that declares it, without `.proto`. */
  readonly file: string;
  readonly form: WellKnownForm;
  /** For a wrapper, the type of its value. */
  readonly scalar?: ScalarType;
}

function wrapper(scalar: ScalarType): WellKnownType {
  return { file: "wrappers", form: "scalar", scalar };
}

/**
 * The well-known types with a special JSON form, by name in the package `google.protobuf`. The runtime contains their
 * codecs (`runtime/core/json/well-known/`). The other messages of that package are ordinary messages.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
const WELL_KNOWN_TYPES: Readonly<Record<string, WellKnownType>> = {
  Any: { file: "any", form: "any" },
  BoolValue: wrapper("bool"),
  BytesValue: wrapper("bytes"),
  DoubleValue: wrapper("double"),
  Duration: { file: "duration", form: "string" },
  Empty: { file: "empty", form: "empty" },
  FieldMask: { file: "field_mask", form: "string" },
  FloatValue: wrapper("float"),
  Int32Value: wrapper("int32"),
  Int64Value: wrapper("int64"),
  ListValue: { file: "struct", form: "freeForm" },
  StringValue: wrapper("string"),
  Struct: { file: "struct", form: "freeForm" },
  Timestamp: { file: "timestamp", form: "string" },
  UInt32Value: wrapper("uint32"),
  UInt64Value: wrapper("uint64"),
  Value: { file: "struct", form: "freeForm" },
};

const PACKAGE = "google.protobuf.";

function wellKnownType(message: string): WellKnownType | undefined {
  const name = message.startsWith(PACKAGE) ? message.slice(PACKAGE.length) : "";
  return Object.hasOwn(WELL_KNOWN_TYPES, name) ? WELL_KNOWN_TYPES[name] : undefined;
}

/** The type of the value in a wrapper message. `undefined` if the message is not a wrapper. */
export function wrappedScalar(message: string): ScalarType | undefined {
  return wellKnownType(message)?.scalar;
}

/** Whether the JSON of a message is a string, number or boolean, so that it can be text in a URL. */
export function isSingleValue(message: string): boolean {
  const form = wellKnownType(message)?.form;
  return form === "scalar" || form === "string";
}

/** Whether the JSON of a message can have any shape. */
export function isFreeForm(message: string): boolean {
  return wellKnownType(message)?.form === "freeForm";
}

/** The files that declare the well-known types. */
export const WELL_KNOWN_FILES: ReadonlySet<string> = new Set(
  Object.values(WELL_KNOWN_TYPES).map(({ file }) => `google/protobuf/${file}.proto`),
);

/**
 * The files that declare the HTTP rules. Code for them is generated only if a message has a field of one of their
 * types.
 */
export const RULE_FILES: ReadonlySet<string> = new Set(["google/api/annotations.proto", "google/api/http.proto"]);
