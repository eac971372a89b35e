/** The error for a value that does not fit its field. Its message says what is wrong: `expected a bigint, got 5`. */
export class FieldError extends Error {
  /** The path of the value: names of fields, keys and indices, outermost first. For example `kvs[3].key`. */
  path = "";

  /** Returns the path and the message. */
  override toString(): string {
    return this.path === "" ? this.message : `${this.path}: ${this.message}`;
  }
}

/** Calls a function for one part of a message. If it throws a {@link FieldError}, adds the part's place to its path. */
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

/** Makes the error for a value of the wrong kind. */
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
