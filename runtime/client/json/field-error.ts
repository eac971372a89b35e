/** A value that does not fit its field. Its message says what is wrong, such as `expected a bigint, got 5`. */
export class FieldError extends Error {
  /** Where: the names of fields, keys and indices from the message on, outermost first: `kvs[3].key`. */
  path = "";

  /** Where, and what is wrong. */
  override toString(): string {
    return this.path === "" ? this.message : `${this.path}: ${this.message}`;
  }
}

/** Does something with a part of a message; what goes wrong in it is told with the part's place. */
export function at<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof FieldError) {
      error.path = error.path === "" || error.path.startsWith("[") ? place + error.path : `${place}.${error.path}`;
    }
    throw error;
  }
}

/** The error of a value that is not what it must be. */
export function expected(what: string, value: unknown): FieldError {
  return new FieldError(`expected ${what}, got ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return "bytes";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}
