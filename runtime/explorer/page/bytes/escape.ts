import { type Binary, binaryOf, fromBinary } from "./binary.js";
import { textOf } from "./utf8-text.js";

/**
 * Characters that are invisible or change how their neighbours look: controls, formats such as overrides of the text
 * direction, separators except the space, unassigned characters, and private ones.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** Matches a UTF-8 character of several bytes. */
const CHARACTER = /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}/y;

const NAMED: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Writes bytes for users: UTF-8 unchanged, other bytes as `\xFF`, invisible characters as their bytes, and `\` as `\\`.
 * {@link unescapeText} converts them back.
 */
export function escapeBytes(binary: Binary): string {
  // Most keys need no escapes.
  if (/^[\u0020-\u005b\u005d-\u007e]*$/.test(binary)) return binary;
  let text = "";
  for (let at = 0; at < binary.length; ) {
    CHARACTER.lastIndex = at;
    const bytes = CHARACTER.exec(binary)?.[0] ?? binary.charAt(at);
    at += bytes.length;
    const character = textOf(fromBinary(bytes));
    if (character === undefined) text += hexEscapes(bytes);
    else text += NAMED[character] ?? (UNSEEN.test(character) ? hexEscapes(bytes) : character);
  }
  return text;
}

/**
 * Reads the text that {@link escapeBytes} writes.
 *
 * @throws SyntaxError for a `\` that begins no escape
 */
export function unescapeText(text: string): Binary {
  let binary = "";
  let plainFrom = 0;
  for (const { 0: whole, 1: hex, 2: name, index } of text.matchAll(/\\(?:x([0-9a-fA-F]{2})|([\\nrt]))?/g)) {
    binary += binaryOf(text.slice(plainFrom, index));
    plainFrom = index + whole.length;
    if (hex !== undefined) binary += String.fromCharCode(Number.parseInt(hex, 16));
    else if (name !== undefined) binary += { "\\": "\\", n: "\n", r: "\r", t: "\t" }[name] ?? "";
    else throw new SyntaxError(`write \\\\ for a backslash, or \\xFF for a byte: character ${index + 1}`);
  }
  return binary + binaryOf(text.slice(plainFrom));
}

function hexEscapes(bytes: Binary): string {
  return Array.from(fromBinary(bytes), (byte) => `\\x${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("");
}
