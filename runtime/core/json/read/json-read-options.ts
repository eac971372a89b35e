import type { BytesForm } from "../bytes-form.js";
import type { TypeRegistry } from "../type-registry.js";

/** How JSON is read where the JSON mapping leaves a choice. */
export interface JsonReadOptions {
  /** What to do with members that the message has no field for. Default `ignore`. */
  readonly unknownFields?: "ignore" | "refuse";
  /** What to do with enum numbers that the enum does not define. Default `accept`. */
  readonly unknownEnumNumbers?: "accept" | "refuse";
  /** What to do with enum names that the enum does not define: `ignore` takes them as absent. Default `refuse`. */
  readonly unknownEnumNames?: "ignore" | "refuse";
  /** The types that a `google.protobuf.Any` may hold. Well-known ones and google.rpc's error details are always known. */
  readonly types?: TypeRegistry;
  /** How bytes are read. Default `base64`. */
  readonly bytes?: BytesForm;
  /** How many objects and arrays may be in each other. Default 100. */
  readonly maxDepth?: number;
  /** Which grpc-gateway's reading of JSON is followed where they differ. Default `v2`. */
  readonly mapping?: JsonMapping;
  /** What to do with data behind the value. Default `refuse`. */
  readonly trailingData?: "ignore" | "refuse";
}

/**
 * How grpc-gateway reads JSON. `v2`, by Go's library protojson, refuses fields that are there twice, and takes integers
 * as `1.0` and base64 in both alphabets, padded or not. `v1`, by jsonpb, takes the last of a field's values,
 * `null` for an empty message, integers as digits only, which in a string may have white space around them, and bytes as
 * standard padded base64, or as an array of numbers.
 *
 * @see https://pkg.go.dev/google.golang.org/protobuf/encoding/protojson
 * @see https://pkg.go.dev/github.com/golang/protobuf/jsonpb
 */
export type JsonMapping = "v1" | "v2";
