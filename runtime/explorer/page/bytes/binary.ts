/**
 * Bytes as a string with one character from U+0000 to U+00FF for each byte. Such strings can be keys of maps, and `<`
 * orders them like etcd orders keys.
 */
export type Binary = string;

/** A number of arguments that every engine accepts. */
const CHUNK = 8192;

/** Returns bytes as a string. */
export function toBinary(bytes: Uint8Array): Binary {
  let binary = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return binary;
}

/** Returns the bytes of a string. */
export function fromBinary(binary: Binary): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Returns the UTF-8 bytes of a text. */
export function binaryOf(text: string): Binary {
  return toBinary(new TextEncoder().encode(text));
}

/**
 * Returns the exclusive end of the range of all keys with a prefix, as etcd defines it: the prefix with its last byte
 * plus one. `"\0"` means no end; it is returned for the empty prefix, and for a prefix whose bytes are all 0xFF.
 */
export function prefixEnd(prefix: Binary): Binary {
  const kept = prefix.replace(/\u00ff+$/, "");
  return kept === "" ? "\0" : kept.slice(0, -1) + String.fromCharCode(kept.charCodeAt(kept.length - 1) + 1);
}

/** Whether a key is before the end of a range. */
export function isBefore(key: Binary, end: Binary): boolean {
  return end === "\0" || key < end;
}

/** Returns the first key of a prefix's range. A range cannot begin with the empty key. */
export function prefixStart(prefix: Binary): Binary {
  return prefix === "" ? "\0" : prefix;
}
