import type { JSX } from "preact";
import { Button } from "../parts/button.js";
import { Note } from "../parts/note.js";
import { errorText } from "./error-text.js";
import { showSignIn } from "./show-sign-in.js";

interface ErrorNoteProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

/** Shows an error in its place, with buttons for what the user can do about it. */
export function ErrorNote({ error, onRetry }: ErrorNoteProps): JSX.Element {
  const { title, text, isForbidden } = errorText(error);
  return (
    <Note kind="error" title={title}>
      <p class="exact">{text}</p>
      <div class="buttons">
        {isForbidden && <Button label="Sign in" icon="user" onClick={showSignIn} />}
        {onRetry !== undefined && <Button label="Try again" icon="refresh" onClick={onRetry} />}
      </div>
    </Note>
  );
}
