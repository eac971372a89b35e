import type { BytesForm } from "../bytes-form.js";
import type { TypeRegistry } from "../type-registry.js";
import { MAX_DEPTH } from "../wire/max-depth.js";

/**
 * The default of {@link JsonReadOptions.maxDepth}, which is also that of queries: JSON may be as deep as the messages
 * that it becomes.
 */
export const DEFAULT_MAX_DEPTH: number = MAX_DEPTH;

/** Options for reading JSON where the JSON mapping leaves a choice. */
export interface JsonReadOptions {
  /**
   * What to do with JSON fields that the API does not have. The default is the value of the plugin option
   * `unknown_fields`, which is `ignore` unless you set it.
   */
  readonly unknownFields?: "ignore" | "reject";
  /**
   * What to do with enum numbers that the enum does not define. The default is the value of the plugin option
   * `unknown_enum_numbers`, which is `accept` unless you set it.
   */
  readonly unknownEnumNumbers?: "accept" | "reject";
  /**
   * What to do with enum names that the enum does not define. An ignored value counts as absent. By default, `reject`.
   */
  readonly unknownEnumNames?: "ignore" | "reject";
  /**
   * The types that a `google.protobuf.Any` may hold. The well-known types and the error details of google.rpc are
   * always known.
   */
  readonly types?: TypeRegistry;
  /** The JSON form of `bytes` values. Default `base64`. */
  readonly bytes?: BytesForm;
  /** How deep objects and arrays may be nested. By default, 100. */
  readonly maxDepth?: number;
  /**
   * Which version of grpc-gateway to follow where the versions read JSON differently. By default, that of the dialect,
   * which is `v2` if you do not set one.
   */
  readonly mapping?: JsonMapping;
  /** What to do with data after the JSON. By default, `reject`. */
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
