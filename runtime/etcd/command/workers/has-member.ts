/** Whether a message between processes is an object with at least one of the given members. */
export function hasMember(message: unknown, ...names: readonly string[]): boolean {
  return typeof message === "object" && message !== null && names.some((name) => name in message);
}
