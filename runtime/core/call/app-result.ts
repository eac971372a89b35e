import type { Metadata } from "../transport/transport.js";

/*
 * Checks of the values that an app's functions return. Types alone are not enough: an app may be written in JavaScript,
 * and a promise may come from another realm or library, where `instanceof` does not recognize it.
 */

/** Whether a value is a promise, of any library or realm. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/**
 * Handles the failure of a promise that was not expected. An unhandled rejection would end the process. Never throws: a
 * value that throws when it is read counts as a failure.
 *
 * @param handle must not throw
 */
export function onRejection(value: unknown, handle: (thrown: unknown) => void): void {
  try {
    if (isThenable(value)) Promise.resolve(value).catch(handle);
  } catch (thrown) {
    handle(thrown);
  }
}

/** Ignores the failure of a promise that was not expected. */
export function forgetPromise(value: unknown): void {
  onRejection(value, () => {});
}

/**
 * Checks that a value can be a message.
 *
 * @param what the function that returned the value, for the error text
 * @throws TypeError if it is not an object
 */
export function checkedMessage(value: unknown, what: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`${what} returned ${value === null ? "null" : typeof value}: expected a message`);
}

/**
 * Checks that a value is metadata. It does not check whether the entries can be sent: entries that cannot are left out
 * later.
 *
 * @param what the function that returned the value, for the error text
 * @throws TypeError if it is not a list of entries `[key, text or bytes]`
 */
export function checkedMetadata(value: unknown, what: string): Metadata {
  if (Array.isArray(value) && value.every(isMetadataEntry)) return value;
  throw new TypeError(`${what} returned invalid metadata: expected a list such as [["authorization", "..."]]`);
}

/** Whether a value is an entry of metadata. It may still be one that cannot be sent. */
export function isMetadataEntry(entry: unknown): entry is Metadata[number] {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const [key, value]: unknown[] = entry;
  return typeof key === "string" && (typeof value === "string" || ArrayBuffer.isView(value));
}
