/** The members of an option's JSON. */
export type Members = Readonly<Record<string, unknown>>;

/** JSON as text, or as gnostic has it: YAML, of which JSON is a part. What is no JSON stands for itself. */
export function exampleOf(value: unknown): unknown {
  const text = typeof value === "string" ? value : objectOf(value)["yaml"];
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Those of some members that are texts, and not empty. */
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

/** A member, if it has a value. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  const found: { [key in Name]?: Value } = {};
  if (value !== undefined) found[name] = value;
  return found;
}

/** What is not empty. */
export function some<Docs extends object>(docs: Docs): Docs | undefined {
  return Object.keys(docs).length === 0 ? undefined : docs;
}

/** The texts in a list. */
export function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** The members of what is an object. */
export function objectOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
