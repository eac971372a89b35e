import { bytesOfHex, hexOf } from "../../bytes/hex.js";
import { compactJson, formatJson, isJson } from "../../bytes/json-text.js";
import { textOf } from "../../bytes/utf8.js";

/** How a value is shown and edited. */
export type ValueForm = "text" | "json" | "hex";

/** The form that a value is shown in at first. */
export function bestForm(value: Uint8Array): ValueForm {
  const text = textOf(value);
  if (text === undefined) return "hex";
  return isJson(text) ? "json" : "text";
}

/** Why a value cannot be shown in a form; `undefined` if it can. */
export function obstacle(value: Uint8Array, form: ValueForm): string | undefined {
  if (form === "hex") return undefined;
  const text = textOf(value);
  if (text === undefined) return "These bytes are not text in UTF-8";
  return form === "json" && !isJson(text) ? "This text is not a JSON object or list" : undefined;
}

/** A value as it is shown in a form that it can be shown in. */
export function shownAs(value: Uint8Array, form: ValueForm): string {
  if (form === "hex") return hexOf(value);
  const text = textOf(value) ?? "";
  return form === "json" ? formatJson(text) : text;
}

/**
 * The bytes of an edited text. JSON that had no white space is written without: it is shown with some for people alone.
 *
 * @param before the value that was edited
 * @throws SyntaxError if the text is not of the form
 */
export function editedValue(text: string, form: ValueForm, before: Uint8Array): Uint8Array {
  if (form === "hex") return bytesOfHex(text);
  if (form === "text") return new TextEncoder().encode(text);
  JSON.parse(text);
  return new TextEncoder().encode(isCompact(before) ? compactJson(text) : text);
}

/** Whether a value is JSON without white space. */
export function isCompact(value: Uint8Array): boolean {
  const text = textOf(value);
  return text !== undefined && isJson(text) && compactJson(text) === text;
}
