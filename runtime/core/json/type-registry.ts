import type { MessageCodec } from "./codec.js";

/** The message types that a `google.protobuf.Any` may hold, by full name. The well-known ones need not be in it. */
export type TypeRegistry = ReadonlyMap<string, MessageCodec>;

/** The full name in a type URL: what follows the last slash. */
export function typeNameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}
