/**
 * The results of `Object.prototype.toString` for objects whose members can be options. Namespaces of modules are such
 * objects.
 */
const KINDS: ReadonlySet<string> = new Set(["[object Object]", "[object Module]"]);

/** Whether a value is an object with members by name. Lists, maps, buffers and promises are not. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && KINDS.has(Object.prototype.toString.call(value));
}
