import { tell } from "./toast.js";

/** Copies a text, and shows the result. Browsers refuse it on pages served over plain HTTP, except from localhost. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell("Copied");
  } catch {
    tell("The browser does not allow this page to copy", "bad");
  }
}
