import { type Binary, binaryOf, fromBinary } from "../../bytes/binary.js";
import { textOf } from "../../bytes/utf8-text.js";

/** A key and its value, from one line of a file. */
export interface KeyLine {
  readonly key: Binary;
  readonly value: Uint8Array;
}

/**
 * Writes a key as a line of JSON: `{"key":"a","value":"b"}`. Bytes are strings if they are UTF-8, and otherwise
 * `{"base64":"..."}`, as in the gateway's JSON with `?bytes=text`.
 */
export function writeKeyLine({ key, value }: KeyLine): string {
  return JSON.stringify({ key: jsonOfBytes(fromBinary(key)), value: jsonOfBytes(value) });
}

/**
 * Reads the lines that {@link writeKeyLine} writes. Ignores empty lines and other members.
 *
 * @throws SyntaxError with the number of the first line that cannot be read
 */
export function readKeyLines(text: string): readonly KeyLine[] {
  const lines: KeyLine[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      const { key, value } = membersOf(JSON.parse(line));
      const bytes = bytesOfJson(key, "key");
      if (bytes === "") throw new SyntaxError("key is empty");
      lines.push({ key: bytes, value: fromBinary(bytesOfJson(value, "value")) });
    } catch (error) {
      throw new SyntaxError(`line ${index + 1}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return lines;
}

function jsonOfBytes(bytes: Uint8Array): string | { readonly base64: string } {
  const text = textOf(bytes);
  if (text !== undefined) return text;
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { base64: btoa(binary) };
}

function membersOf(line: unknown): { readonly key: unknown; readonly value: unknown } {
  if (typeof line !== "object" || line === null) throw new SyntaxError('write {"key": …, "value": …}');
  return { key: "key" in line ? line.key : undefined, value: "value" in line ? line.value : undefined };
}

function bytesOfJson(json: unknown, name: string): Binary {
  if (typeof json === "string") return binaryOf(json);
  if (typeof json === "object" && json !== null && "base64" in json && typeof json.base64 === "string") {
    try {
      return atob(json.base64);
    } catch {
      throw new SyntaxError(`${name} is not valid base64`);
    }
  }
  throw new SyntaxError(`${name} must be a string, or {"base64": "…"}`);
}
