/** What `Object.prototype.toString` calls objects whose members are options, those of modules among them. */
const KINDS: ReadonlySet<string> = new Set(["[object Object]", "[object Module]"]);

/** Whether a value is an object with members by name. A list, a `Map`, a buffer or a promise is none: its members are its own. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && KINDS.has(Object.prototype.toString.call(value));
}
