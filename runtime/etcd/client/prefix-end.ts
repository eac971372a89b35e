/**
 * The `range_end` of all keys that begin with a prefix. Of an empty one, and of one of nothing but 0xff bytes, it is
 * `"\0"`: all keys from there on.
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
