import { signal } from "@preact/signals";

/** A signed-in user. */
export interface Session {
  readonly user: string;
  readonly token: string;
}

const KEY = "etcd-gateway-explorer:session";

const current = signal<Session | undefined>(keptSession());

/** The signed-in user; `undefined` if there is none. */
export const session = current;

/** Stores the signed-in user until the tab is closed, for this tab only. */
export function keepSession(session: Session | undefined): void {
  current.value = session;
  try {
    if (session === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Storage may be disabled. The session then lasts until the page is closed.
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
