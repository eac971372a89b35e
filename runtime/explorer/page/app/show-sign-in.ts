import { signal } from "@preact/signals";

/** Whether the sign-in dialog is open. */
export const isSignInShown = signal(false);

/** Opens the sign-in dialog. */
export function showSignIn(): void {
  isSignInShown.value = true;
}
