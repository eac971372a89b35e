/**
 * Returns the program's argument at an index.
 *
 * @throws Error if there is none
 */
export function argument(index: number): string {
  const value = process.argv[2 + index];
  if (value === undefined) throw new Error(`argument ${index} is missing`);
  return value;
}
