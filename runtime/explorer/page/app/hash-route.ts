import { signal } from "@preact/signals";

/** The place that the page shows: a tab, and the chosen item in it. */
export interface Route {
  /** `keys`, `calls` or `cluster`; empty for the first tab. */
  readonly tab: string;
  /** An escaped key, or the id of an operation. */
  readonly chosen: string | undefined;
}

/** What the page shows. It follows the fragment of the URL. */
export const route = signal<Route>(readRoute());

window.addEventListener("hashchange", () => {
  route.value = readRoute();
});

/** Goes to a tab of the page. The browser's "back" returns to the current place. */
export function goTo(tab: string, chosen?: string): void {
  location.hash = hashOf(tab, chosen);
}

/** Returns the link to a tab of the page. */
export function hashOf(tab: string, chosen?: string): string {
  return chosen === undefined ? `#/${tab}` : `#/${tab}/${encodeURIComponent(chosen)}`;
}

function readRoute(): Route {
  const [, tab = "", chosen] = /^#\/([^/]*)(?:\/(.*))?$/s.exec(location.hash) ?? [];
  return { tab, chosen: chosen === undefined || chosen === "" ? undefined : decoded(chosen) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
