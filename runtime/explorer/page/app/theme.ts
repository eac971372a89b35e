import { signal } from "@preact/signals";

/** The theme of the page. `system` follows the setting of the operating system. */
export type Theme = "system" | "light" | "dark";

const KEY = "etcd-gateway-explorer:theme";

/** The theme that the user has chosen. */
export const theme = signal<Theme>(keptTheme());

/** Sets the theme, and stores it for the next visit. */
export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  document.documentElement.dataset["theme"] = chosen;
  try {
    if (chosen === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
  } catch {
    // Storage may be disabled. The choice then lasts until the page is closed.
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
