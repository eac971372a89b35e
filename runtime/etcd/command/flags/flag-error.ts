/** A flag that cannot be used; `message` is one line for the user. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}
