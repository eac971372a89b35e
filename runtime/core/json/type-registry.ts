import type { MessageCodec } from "./codec.js";
import { GOOGLE_RPC } from "./google-rpc/detail-types.js";
import { WELL_KNOWN } from "./well-known/well-known-types.js";

/**
 * The message types that a `google.protobuf.Any` may hold, by full name. It need not contain the types that are always
 * known.
 */
export type TypeRegistry = ReadonlyMap<string, MessageCodec>;

/** The types that are always known: the well-known types and those of google.rpc. */
const ALWAYS: TypeRegistry = new Map([...WELL_KNOWN, ...GOOGLE_RPC].map((codec) => [codec.name, codec]));

/** Returns the codec of the type that a URL names, from `types` or from the types that are always known. */
export function findType(url: string, types: TypeRegistry | undefined): MessageCodec | undefined {
  const name = url.slice(url.lastIndexOf("/") + 1);
  return types?.get(name) ?? ALWAYS.get(name);
}
