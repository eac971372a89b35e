import type { Metadata } from "../../transport/transport.js";

/** The value of a metadata key, or its values: bytes for a key that ends in `-bin`, printable ASCII for any other. */
export type MetadataValue = string | Uint8Array | readonly (string | Uint8Array)[];

/** Metadata as a person writes it. */
export type MetadataInit = Readonly<Record<string, MetadataValue>>;

/** The entries of metadata, with keys in lower case. */
export function metadataEntries(init: MetadataInit): Metadata {
  return Object.entries(init).flatMap(([name, value]): Metadata => {
    const key = name.toLowerCase();
    const values = typeof value === "string" || value instanceof Uint8Array ? [value] : value;
    return values.map((each) => [key, each]);
  });
}
