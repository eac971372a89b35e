import { innermostMessage } from "./go-status.js";

/** The reasons why etcd refuses the token of a call. */
export type TokenFault =
  /** The call has no token but needs one. */
  | "missing"
  /** The token is unknown to etcd or has expired. */
  | "invalid"
  /** Users or roles have changed since the token was issued. */
  | "outdated";

/** etcd's error texts, without the prefix that names the component. */
const FAULTS: ReadonlyMap<string, TokenFault> = new Map([
  ["user name is empty", "missing"],
  ["invalid auth token", "invalid"],
  ["revision of auth store is old", "outdated"],
  ["revision in header is old", "outdated"],
]);

/**
 * Returns the reason why etcd refuses the token of a call, from the text of its error, or `undefined` for other errors.
 *
 * The code does not suffice. The key-value store reports such a refusal as `UNAUTHENTICATED` or `INVALID_ARGUMENT`.
 * Locks, elections and maintenance report it as `UNKNOWN`, and maintenance uses the internal text, `auth: ...`.
 */
export function tokenFault(message: string): TokenFault | undefined {
  const [, words] = /^(?:etcdserver|auth): (.*)$/.exec(innermostMessage(message)) ?? [];
  return words === undefined ? undefined : FAULTS.get(words);
}
