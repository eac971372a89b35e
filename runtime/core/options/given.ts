/** An object without its `undefined` members. The compiler distinguishes these from absent ones. */
export type Given<T extends object> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Returns the members of an object that are not `undefined`. */
export function given<T extends object>(members: T): Given<T> {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  // The compiler cannot type fromEntries.
  return Object.fromEntries(there) as Given<T>;
}
