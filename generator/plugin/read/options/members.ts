import { isObject } from "../../model/json.js";

/** The members of an option's JSON. */
export type Members = Readonly<Record<string, unknown>>;

/** Parses an example: JSON text, or gnostic's YAML if it is JSON. Other text is returned unchanged. */
export function exampleOf(value: unknown): unknown {
  const text = typeof value === "string" ? value : objectOf(value)["yaml"];
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Selects the given members that are non-empty strings. */
export function texts<Name extends string>(
  of: Members,
  ...names: readonly Name[]
): { readonly [name in Name]?: string } {
  const found: { [name in Name]?: string } = {};
  for (const name of names) {
    const value = of[name];
    if (typeof value === "string" && value !== "") found[name] = value;
  }
  return found;
}

/** Returns an object with a member, or an empty object if the member has no value. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  const found: { [key in Name]?: Value } = {};
  if (value !== undefined) found[name] = value;
  return found;
}

/** Returns an object, or `undefined` if it is empty. */
export function some<Docs extends object>(docs: Docs): Docs | undefined {
  return Object.keys(docs).length === 0 ? undefined : docs;
}

/** Returns the strings in a list. */
export function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** Returns the members of an object. Empty for other values. */
export function objectOf(value: unknown): Members {
  return isObject(value) ? { ...value } : {};
}
