import type { BytesForm } from "../bytes-form.js";
import type { TypeRegistry } from "../type-registry.js";

/** How JSON is written where the JSON mapping leaves a choice, or we give one. */
export interface JsonWriteOptions {
  /** The types that a `google.protobuf.Any` may hold. Default: the well-known ones. */
  readonly types?: TypeRegistry | undefined;
  /** How bytes are written. Default `base64`. */
  readonly bytes?: BytesForm;
}
