import type { BytesForm } from "../bytes-form.js";
import type { TypeRegistry } from "../type-registry.js";

/** How JSON is written where the JSON mapping leaves a choice, or we give one. */
export interface JsonWriteOptions {
  /** The types that a `google.protobuf.Any` may hold. Well-known ones and google.rpc's error details are always known. */
  readonly types?: TypeRegistry | undefined;
  /** Told of the type URL of a message in a `google.protobuf.Any` that is of no known type; more than once, perhaps. */
  readonly onUnknownType?: (url: string) => void;
  /** How bytes are written. Default `base64`. */
  readonly bytes?: BytesForm;
}
