/**
 * The JSON form of `bytes` values:
 * - `base64`: a base64 string, as the JSON mapping defines it
 * - `text`: a string with the bytes themselves if they are valid UTF-8, otherwise an object `{"base64": "..."}`.
 *   Readers accept both, so a string is always text and an object is always base64.
 */
export type BytesForm = "base64" | "text";
