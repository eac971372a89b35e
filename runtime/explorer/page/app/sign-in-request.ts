import { signal } from "@preact/signals";

/** Whether the dialog for signing in is open. */
export const isSigningIn = signal(false);

export function askForSignIn(): void {
  isSigningIn.value = true;
}
