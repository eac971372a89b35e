import type { Metadata } from "../transport/transport.js";

/*
 * What functions of an app return. Types say what it is to be, but an app may be written in JavaScript, and a promise may be
 * of another realm or library, which `instanceof` does not know.
 */

/** Whether a value is a promise, whosever. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** Lets a promise that was not expected fail without consequences: unhandled, it would end the process. */
export function forgetPromise(value: unknown): void {
  if (isThenable(value)) Promise.resolve(value).catch(() => {});
}

/**
 * Checks that a value can be a message.
 *
 * @param what the function that gave it, for the error
 * @throws TypeError if it is no object
 */
export function checkedMessage(value: unknown, what: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`${what} gave ${value === null ? "null" : typeof value} instead of a message`);
}

/**
 * Checks metadata that an app has made. Entries that cannot travel are left out later; here what is no metadata at all is
 * found.
 *
 * @param what the function that gave it, for the error
 * @throws TypeError if it is no list of pairs of a key and text or bytes
 */
export function checkedMetadata(value: unknown, what: string): Metadata {
  if (Array.isArray(value) && value.every(isEntry)) return value;
  throw new TypeError(`${what} gave no metadata: it must be a list such as [["authorization", "..."]]`);
}

function isEntry(entry: unknown): boolean {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const [key, value]: unknown[] = entry;
  return typeof key === "string" && (typeof value === "string" || ArrayBuffer.isView(value));
}
