import { expected, FieldError } from "./field-error.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How many bytes are converted to a string at a time. Engines limit the number of arguments of a call. */
const PIECE = 0x2000;

/**
 * Encodes bytes, or the UTF-8 of a string, as base64.
 *
 * @throws FieldError if the value is neither, or the string has a lone surrogate
 */
export function toBase64(value: unknown): string {
  const bytes = typeof value === "string" ? utf8(value) : value;
  if (!(bytes instanceof Uint8Array)) throw expected("bytes or a string", value);
  let binary = "";
  for (let i = 0; i < bytes.length; i += PIECE) binary += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  return btoa(binary);
}

/**
 * Decodes standard or URL-safe base64.
 *
 * @throws FieldError if the text is not base64
 */
export function fromBase64(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(/[-_]/.test(text) ? text.replaceAll("-", "+").replaceAll("_", "/") : text);
  } catch {
    throw expected("base64", text);
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Decodes bytes as text if they are valid UTF-8; otherwise returns them unchanged. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return decoder.decode(bytes);
  } catch {
    return bytes;
  }
}

/**
 * Encodes text as UTF-8.
 *
 * @throws FieldError if the text has a lone surrogate, which would silently become another character
 */
export function utf8(text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) throw new FieldError("the string has a lone surrogate, which UTF-8 cannot encode");
  return encoder.encode(text);
}
