import type { IncomingMessage } from "node:http";
import type { Metadata } from "../../transport/transport.js";
import { checkedMetadata, forgetPromise } from "../app-result.js";
import { type MetadataInit, type MetadataValue, metadataEntries } from "./metadata-init.js";

/** What changes metadata: each key takes the place of those of its name, and one that is `undefined` takes them away. */
export type MetadataChange = Readonly<Record<string, MetadataValue | undefined>>;

/**
 * Gives the metadata of a call by its request. An object changes what the request's headers say; a list is all that is sent.
 *
 * @param rpc the full name of the rpc, such as `etcdserverpb.KV.Range`
 * @param metadata what the request's headers say
 */
export type MetadataSource<Req extends IncomingMessage = IncomingMessage> = (
  req: Req,
  rpc: string,
  metadata: Metadata,
) => MetadataChange | Metadata;

/**
 * Metadata after what an app's function has given.
 *
 * @throws TypeError if that is neither an object of texts, bytes and lists of them, nor metadata
 */
export function changedMetadata(metadata: Metadata, given: unknown): Metadata {
  forgetPromise(given);
  if (Array.isArray(given)) return checkedMetadata(given, "metadata");
  if (!isChange(given)) {
    throw new TypeError('metadata gave neither an object such as { "x-tenant": "a" } nor a list of entries');
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
  if (typeof given !== "object" || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain && Object.values(given).every((value) => value === undefined || isValue(value));
}

function isValue(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isSingle) : isSingle(value);
}

function isSingle(value: unknown): boolean {
  return typeof value === "string" || value instanceof Uint8Array;
}
