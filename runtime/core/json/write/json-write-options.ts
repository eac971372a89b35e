import type { BytesForm } from "../bytes-form.js";
import type { TypeRegistry } from "../type-registry.js";

/** Options for writing JSON, where the JSON mapping leaves a choice or the gateway offers one. */
export interface JsonWriteOptions {
  /**
   * The types that a `google.protobuf.Any` may hold. The well-known types and the error details of google.rpc are
   * always known.
   */
  readonly types?: TypeRegistry | undefined;
  /**
   * Called with the type URL of a `google.protobuf.Any` whose type is unknown. It may be called more than once for a
   * value.
   */
  readonly onUnknownType?: (url: string) => void;
  /** Called with the type URL of a `google.protobuf.Any` whose bytes do not fit its type. */
  readonly onMalformedMessage?: (url: string) => void;
  /** The JSON form of `bytes` values. Default `base64`. */
  readonly bytes?: BytesForm;
}
