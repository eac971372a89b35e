import type { Fields } from "./fields.js";
import { Json } from "./well-known-json.js";

/** `google.api.HttpBody`. It stands for a raw HTTP body if it is the whole body. */
export const HttpBody: Fields<{ content_type: string; data: Uint8Array; extensions: unknown[] }> = () => ({
  content_type: "string",
  data: "bytes",
  extensions: [Json],
});
