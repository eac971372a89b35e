import { signal } from "@preact/signals";

/** Whether the sign-in dialog is open. */
export const isSigningIn = signal(false);

export function askForSignIn(): void {
  isSigningIn.value = true;
}
