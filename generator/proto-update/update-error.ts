/** An error that the user can fix. The message says what is wrong and what to do. */
export class UpdateError extends Error {
  override readonly name = "UpdateError";
}
