/**
 * How bytes are JSON: `base64` as the JSON mapping has it, a string; or `text`: a string that is the bytes themselves
 * where they are valid UTF-8, and an object `{"base64": "..."}` where they are not. With `text` both are read, so that a
 * string is always text and an object always base64.
 */
export type BytesForm = "base64" | "text";
