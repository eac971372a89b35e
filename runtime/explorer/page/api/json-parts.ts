/** A part of a JSON document whose structure is not checked. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** An object of a JSON document. */
export type JsonObject = { readonly [name: string]: Json };

/** Whether a value is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a part that should be an object. It is empty if the part is something else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Returns a part that should be a list. It is empty if the part is something else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Returns a part that should be a string. It is empty if the part is something else. */
export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
