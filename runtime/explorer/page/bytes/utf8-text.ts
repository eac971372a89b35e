// A byte order mark is part of the text, so that saving a value does not change it.
const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes bytes as UTF-8; `undefined` if they are not valid UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch {
    return undefined;
  }
}
