import type { BytesForm } from "../bytes-form.js";
import type { TypeRegistry } from "../type-registry.js";

/** Options for reading JSON where the JSON mapping leaves a choice. */
export interface JsonReadOptions {
  /** Whether to ignore or reject members for which the message has no field. Default `ignore`. */
  readonly unknownFields?: "ignore" | "reject";
  /** Whether to accept or reject enum numbers that the enum does not define. Default `accept`. */
  readonly unknownEnumNumbers?: "accept" | "reject";
  /**
   * Whether to ignore or reject enum names that the enum does not define. An ignored value counts as absent. Default
   * `reject`.
   */
  readonly unknownEnumNames?: "ignore" | "reject";
  /**
   * The types that a `google.protobuf.Any` may hold. The well-known types and the error details of google.rpc are
   * always known.
   */
  readonly types?: TypeRegistry;
  /** The JSON form of `bytes` values. Default `base64`. */
  readonly bytes?: BytesForm;
  /** The maximum nesting depth of objects and arrays. Default 100. */
  readonly maxDepth?: number;
  /** The version of grpc-gateway to follow where the versions differ. Default `v2`. */
  readonly mapping?: JsonMapping;
  /** Whether to ignore or reject data after the value. Default `reject`. */
  readonly trailingData?: "ignore" | "reject";
}

/**
 * How grpc-gateway reads JSON:
 *
 * - `v2` uses Go's library protojson. It rejects duplicate fields, and accepts integers such as `1.0` and base64 in
 *   both alphabets, with or without padding.
 * - `v1` uses jsonpb. If a field occurs twice, the last value counts. It accepts `null` for an empty message. Integers
 *   must consist of digits only; in a string, white space may surround them. Bytes are standard base64 with padding, or
 *   an array of numbers.
 *
 * @see https://pkg.go.dev/google.golang.org/protobuf/encoding/protojson
 * @see https://pkg.go.dev/github.com/golang/protobuf/jsonpb
 */
export type JsonMapping = "v1" | "v2";
