/** The error for an invalid flag. Its `message` is one line for the user. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}
