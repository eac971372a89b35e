/** What etcd has against the token of a call. */
export type TokenFault =
  /** There is none, where one is needed. */
  | "missing"
  /** It is none of etcd's, or has expired. */
  | "invalid"
  /** Users or roles have changed since it was made. */
  | "outdated";

/** How Go writes a gRPC status as text: some of etcd's services wrap the status of another one in that way. */
const WRAPPED = /^(?:rpc error: code = \w+ desc = )+/;

/** etcd's words, behind the name of the part that says them. */
const FAULTS: ReadonlyMap<string, TokenFault> = new Map([
  ["user name is empty", "missing"],
  ["invalid auth token", "invalid"],
  ["revision of auth store is old", "outdated"],
  ["revision in header is old", "outdated"],
]);

/**
 * What etcd has against the token of a call, by the text of its error; `undefined` for another error.
 *
 * The code does not tell: the same refusal is `UNAUTHENTICATED` or `INVALID_ARGUMENT` from the key-value store, and
 * `UNKNOWN` from locks, elections and maintenance, the last with the words of etcd's inside, `auth: ...`.
 */
export function tokenFault(message: string): TokenFault | undefined {
  const [, words] = /^(?:etcdserver|auth): (.*)$/.exec(message.replace(WRAPPED, "")) ?? [];
  return words === undefined ? undefined : FAULTS.get(words);
}
