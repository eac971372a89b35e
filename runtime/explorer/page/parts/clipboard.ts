import { tell } from "./toast.js";

/** Copies a text, and says so. Browsers refuse it on pages over plain HTTP that are not this machine's. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell("Copied");
  } catch {
    tell("The browser does not let this page copy", "bad");
  }
}
