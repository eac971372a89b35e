import { signal } from "@preact/signals";

/** Where the page's user is: a part of the page, and what is chosen in it. */
export interface Route {
  /** `keys`, `calls` or `cluster`; empty for the first there is. */
  readonly tab: string;
  /** A key, escaped, or the id of an operation. */
  readonly chosen: string | undefined;
}

export const route = signal<Route>(readRoute());

window.addEventListener("hashchange", () => {
  route.value = readRoute();
});

/** Goes to a part of the page, so that "back" leads here. */
export function goTo(tab: string, chosen?: string): void {
  location.hash = hashOf(tab, chosen);
}

/** The link to a part of the page. */
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
