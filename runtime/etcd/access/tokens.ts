import type { Metadata } from "@etcd-gateway/runtime";

/** Under these keys etcd looks for a token; if both are there, the first counts. */
const TOKEN = "token";
const AUTHORIZATION = "authorization";

/**
 * The metadata of a request with its token in the form that every etcd takes, whichever way the client sent it:
 * `Authorization` or `Grpc-Metadata-Authorization`, bare or behind `Bearer` in any case, or `Grpc-Metadata-Token`.
 *
 * etcd takes `token` in every version, `authorization` since 3.3, and `Bearer` only since 3.5.32, 3.6.13 and 3.7. Of a
 * credential of another scheme, such as `Basic`, only the scheme is passed on: etcd refuses it all the same, and writes
 * what it refuses into its log.
 */
export function tokenMetadata(metadata: Metadata): Metadata {
  const found = metadata.find(([key]) => key === TOKEN) ?? metadata.find(([key]) => key === AUTHORIZATION);
  if (found === undefined) return metadata;
  const token = tokenOf(String(found[1]));
  return [...withoutToken(metadata), [TOKEN, token], [AUTHORIZATION, token]];
}

/** Whether metadata has a token, of whatever form. */
export function hasToken(metadata: Metadata): boolean {
  return metadata.some(isToken);
}

/** Metadata with nothing in it that etcd could take for a token. */
export function withoutToken(metadata: Metadata): Metadata {
  return hasToken(metadata) ? metadata.filter((entry) => !isToken(entry)) : metadata;
}

/** Metadata with a token that has none yet. */
export function withToken(metadata: Metadata, token: string): Metadata {
  return [...metadata, [TOKEN, token]];
}

function isToken([key]: Metadata[number]): boolean {
  return key === TOKEN || key === AUTHORIZATION;
}

function tokenOf(value: string): string {
  // The header came more than once: etcd takes the first.
  const [first = ""] = value.split(",", 1);
  const [, scheme, rest] = /^(\S+)\s+(\S.*)$/.exec(first.trim()) ?? [];
  if (scheme === undefined || rest === undefined) return first.trim();
  return scheme.toLowerCase() === "bearer" ? rest : scheme;
}
