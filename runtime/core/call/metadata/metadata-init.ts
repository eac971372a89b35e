import type { Metadata } from "../../transport/transport.js";

/** The value or values of a metadata key: bytes for a key that ends in `-bin`, printable ASCII for any other key. */
export type MetadataValue = string | Uint8Array | readonly (string | Uint8Array)[];

/** Metadata as an app writes it. */
export type MetadataInit = Readonly<Record<string, MetadataValue>>;

/** Converts metadata to entries with lower-case keys. */
export function metadataEntries(init: MetadataInit): Metadata {
  return Object.entries(init).flatMap(([name, value]): Metadata => {
    const key = name.toLowerCase();
    const values = typeof value === "string" || value instanceof Uint8Array ? [value] : value;
    return values.map((each) => [key, each]);
  });
}
