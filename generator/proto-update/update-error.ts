/** What stops an update and is for the user to mend: the message says what is wrong and what to do. */
export class UpdateError extends Error {
  override readonly name = "UpdateError";
}
