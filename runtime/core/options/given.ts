/** What of an object is there: the compiler tells a member that is `undefined` from one that is not there. */
export type Given<T extends object> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The members of an object that are not `undefined`. */
export function given<T extends object>(members: T): Given<T> {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  // The compiler cannot see through fromEntries.
  return Object.fromEntries(there) as Given<T>;
}
