/**
 * Returns the `range_end` of all keys that begin with a prefix. For an empty prefix, and for one that consists of 0xff
 * bytes only, it is `"\0"`, which means all keys from the prefix on.
 */
export function prefixEnd(prefix: string | Uint8Array): Uint8Array {
  const bytes = typeof prefix === "string" ? new TextEncoder().encode(prefix) : prefix;
  let last = bytes.length - 1;
  while (last >= 0 && bytes[last] === 0xff) last -= 1;
  const end = bytes.slice(0, last + 1);
  if (last < 0) return new Uint8Array(1);
  end[last] = (end[last] ?? 0) + 1;
  return end;
}
