/** Returns a name as a JSON string. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}
