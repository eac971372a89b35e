import { signal } from "@preact/signals";

/** How the page looks: as the system does, or as its user wants. */
export type Theme = "system" | "light" | "dark";

const KEY = "etcd-gateway-explorer:theme";

export const theme = signal<Theme>(keptTheme());

/** Chooses how the page looks, and keeps it for the next visit. */
export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  document.documentElement.dataset["theme"] = chosen;
  try {
    if (chosen === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
  } catch {
    // Storage may be switched off. The choice then lasts as long as the page.
  }
}

function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}
