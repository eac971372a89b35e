import { isRecord } from "./is-record.js";

/** The longest text that errors show, in characters. */
const LONGEST = 48;

/**
 * Formats a value for an error: short, and without secrets. Of objects and functions it shows only the kind. It leaves
 * out private keys, and passwords in URLs.
 */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shownText(value);
    case "bigint":
      return `${value}n`;
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    default:
      return kindOf(value);
  }
}

/** Returns the kind of a value, to show instead of the value. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "(a list)";
  if (Buffer.isBuffer(value)) return "(a buffer)";
  if (typeof value === "object") return isRecord(value) ? "(an object)" : `(a ${kindName(value)})`;
  if (typeof value === "string") return value === "" ? '""' : "(a string)";
  return `(a ${typeof value})`;
}

/** Returns the name of a built-in kind of object, such as `Map`. */
function kindName(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function shownText(text: string): string {
  if (text.includes("-----BEGIN")) return '"-----BEGIN..."';
  const clean = text.replace(/\/\/[^/@]*@/, "//...@");
  return JSON.stringify(clean.length > LONGEST ? `${clean.slice(0, LONGEST)}...` : clean);
}
