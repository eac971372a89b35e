import type { FormKind } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import { JsonCursor } from "../../json/read/json-cursor.js";
import { durationText } from "./go-duration.js";

/** The form of a type's values in a URL. */
type TextForm = "scalar" | "wrapper" | "time" | "duration" | "mask" | "json";

const TEXT_FORMS: Readonly<Partial<Record<FormKind, TextForm>>> = {
  scalar: "wrapper",
  time: "time",
  duration: "duration",
  mask: "mask",
  object: "json",
  array: "json",
  value: "json",
};

/** The spellings of a bool that grpc-gateway accepts: those of Go's `strconv.ParseBool`. */
const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["0", "f", "F", "false", "False", "FALSE"].map((text) => [text, false] as const),
]);

/** Returns JSON's spelling of a bool. A text that is not a bool is returned unchanged. */
export function boolText(text: string): string {
  return BOOLS.get(text)?.toString() ?? text;
}

/** Returns the form of a field's values in a URL; `undefined` if its type has no text form. */
export function textFormOf(field: Field): TextForm | undefined {
  if (field.type !== "message") return "scalar";
  const kind = field.message.form?.kind;
  return kind === undefined ? undefined : TEXT_FORMS[kind];
}

/**
 * Converts a text from a URL to the JSON text of one value. The JSON reader checks later whether it is a valid value of
 * the field's type.
 *
 * @throws JsonError if a text that must be JSON is not
 */
export function textToJson(field: Field, text: string, maxDepth: number): string {
  switch (textFormOf(field)) {
    case "wrapper":
      return wrappedToJson(field, text, maxDepth);
    case "time":
      return JSON.stringify(unquoted(text));
    case "duration":
      return JSON.stringify(durationText(unquoted(text)));
    case "json":
      return wholeJson(text, maxDepth);
    default:
      return scalarToJson(field, text);
  }
}

function scalarToJson(field: Field, text: string): string {
  if (field.type === "bool") return BOOLS.has(text) ? boolText(text) : JSON.stringify(text);
  // In JSON, only names of enums are strings. Numbers of all other types may be strings too.
  if (field.type === "enum" && /^-?(0|[1-9][0-9]*)$/.test(text)) return text;
  return JSON.stringify(text);
}

function wrappedToJson(field: Field, text: string, maxDepth: number): string {
  const [value] = field.message.ordered;
  if (value === undefined)
    throw new TypeError(
      `the codec of ${field.message.name} has no field for the value of the wrapper: generate the code again`,
    );
  return textToJson(value, text, maxDepth);
}

/** Returns a text unchanged after checking that it is exactly one JSON value. */
function wholeJson(text: string, maxDepth: number): string {
  const cursor = new JsonCursor(Buffer.from(text), maxDepth);
  cursor.skipValue();
  cursor.finish();
  return text;
}

/** Removes the quotes around a text, for clients that write it as JSON. */
function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}
