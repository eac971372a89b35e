import type { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import { bufferOf } from "../../bytes/buffer-of.js";
import { isMetadataKey, isMetadataText, SINGLE_KEYS } from "../metadata.js";
import type { Metadata } from "../transport.js";

const NONE: Metadata = [];

/** Adds metadata to grpc-js's metadata. Entries that cannot be sent are left out. */
export function addToGrpcMetadata(result: GrpcMetadata, metadata: Metadata): void {
  for (const [key, value] of metadata) {
    if (!isMetadataKey(key)) continue;
    if (SINGLE_KEYS.has(key) && result.get(key).length > 0) continue;
    if (key.endsWith("-bin")) {
      if (typeof value !== "string") result.add(key, bufferOf(value));
    } else if (typeof value === "string" && isMetadataText(value)) {
      result.add(key, value);
    }
  }
}

/** Converts grpc-js's metadata, without the keys that gRPC reserves. */
export function fromGrpcMetadata(metadata: GrpcMetadata): Metadata {
  const values = metadata.toJSON();
  let result: [string, string | Uint8Array][] | undefined;
  for (const key of Object.keys(values)) {
    if (key.startsWith("grpc-")) continue;
    for (const value of values[key] ?? []) {
      result ??= [];
      result.push([key, value]);
    }
  }
  return result ?? NONE;
}
