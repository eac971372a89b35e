import { bytesOfHex, hexOf } from "../../bytes/hex.js";
import { compactJson, formatJson, isJson } from "../../bytes/json-text.js";
import { textOf } from "../../bytes/utf8-text.js";

/** The form in which a value is shown and edited. */
export type ValueForm = "text" | "json" | "hex";

/** The forms, the most readable one first. */
const FORMS: readonly ValueForm[] = ["json", "text", "hex"];

/** Returns the form in which a value is shown at first. */
export function bestForm(value: Uint8Array): ValueForm {
  return FORMS.find((form) => obstacle(value, form) === undefined) ?? "hex";
}

/** Returns why a value cannot be shown in a form; `undefined` if it can. */
export function obstacle(value: Uint8Array, form: ValueForm): string | undefined {
  if (form === "hex") return undefined;
  const text = textOf(value);
  if (text === undefined) return "These bytes are not UTF-8 text";
  if (form === "text") return undefined;
  if (!isJson(text)) return "This text is not a JSON object or list";
  return formatJson(text) === undefined ? "This JSON is too deep or too long to be shown with line breaks" : undefined;
}

/** Returns the text that shows a value in a form. The value must fit the form. */
export function shownAs(value: Uint8Array, form: ValueForm): string {
  if (form === "hex") return hexOf(value);
  const text = textOf(value) ?? "";
  return (form === "json" ? formatJson(text) : undefined) ?? text;
}

/**
 * Returns the bytes of an edited text. If the JSON was stored without white space, it is saved without, because the
 * page adds white space only to show it.
 *
 * @param before the value before the edit
 * @throws SyntaxError if the text does not fit the form
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
