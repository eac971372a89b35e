import type { IncomingMessage } from "node:http";
import type { Metadata } from "../../transport/transport.js";
import { checkedMetadata, forgetPromise } from "../app-result.js";
import { isPlainObject } from "../is-plain-object.js";
import { type MetadataInit, type MetadataValue, metadataEntries } from "./metadata-init.js";

/** A change of metadata. Each key replaces the entries of its name; a key with the value `undefined` removes them. */
export type MetadataChange = Readonly<Record<string, MetadataValue | undefined>>;

/**
 * Returns the metadata of a call, from its HTTP request. An object changes the metadata that the request's headers
 * carry; a list replaces all of it.
 *
 * @param rpc the full name of the RPC, e.g. `etcdserverpb.KV.Range`
 * @param metadata the metadata that the request's headers carry
 */
export type MetadataSource<Req extends IncomingMessage = IncomingMessage> = (
  req: Req,
  rpc: string,
  metadata: Metadata,
) => MetadataChange | Metadata;

/**
 * Applies the result of an app's metadata function.
 *
 * @throws TypeError if it is neither an object with texts, bytes or lists of them, nor a list of entries
 */
export function changedMetadata(metadata: Metadata, given: unknown): Metadata {
  forgetPromise(given);
  if (Array.isArray(given)) return checkedMetadata(given, "metadata");
  if (!isChange(given)) {
    throw new TypeError(
      'metadata returned an invalid value: expected an object such as { "x-tenant": "a" } or a list of entries',
    );
  }
  const changed = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return [...metadata.filter(([key]) => !changed.has(key)), ...metadataEntries(present(given))];
}

function present(change: MetadataChange): MetadataInit {
  const init: Record<string, MetadataValue> = {};
  for (const [name, value] of Object.entries(change)) if (value !== undefined) init[name] = value;
  return init;
}

function isChange(given: unknown): given is MetadataChange {
  return isPlainObject(given) && Object.values(given).every((value) => value === undefined || isValue(value));
}

function isValue(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isSingle) : isSingle(value);
}

function isSingle(value: unknown): boolean {
  return typeof value === "string" || value instanceof Uint8Array;
}
