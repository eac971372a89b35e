import { signal } from "@preact/signals";

/** Who has signed in. */
export interface Session {
  readonly user: string;
  readonly token: string;
}

const KEY = "etcd-gateway-explorer:session";

const current = signal<Session | undefined>(keptSession());

/** Who has signed in; `undefined`: nobody. */
export const session = current;

/** Remembers who has signed in for as long as the tab is open, and for no other tab. */
export function keepSession(session: Session | undefined): void {
  current.value = session;
  try {
    if (session === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Storage may be switched off. The session then lasts as long as the page.
  }
}

function keptSession(): Session | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (typeof kept !== "object" || kept === null || !("user" in kept) || !("token" in kept)) return undefined;
    return { user: String(kept.user), token: String(kept.token) };
  } catch {
    return undefined;
  }
}
