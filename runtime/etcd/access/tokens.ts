import type { Metadata } from "@etcd-gateway/runtime";

/** The metadata keys in which etcd looks for a token. If both are present, etcd uses the first. */
const TOKEN = "token";
const AUTHORIZATION = "authorization";

/**
 * Returns the metadata of a request with its token in a form that every version of etcd accepts. Clients may send it as
 * `Authorization` or `Grpc-Metadata-Authorization`, with or without `Bearer` in any case, or as `Grpc-Metadata-Token`.
 *
 * Every version accepts `token`; `authorization` works since 3.3, and `Bearer` since 3.5.32, 3.6.13 and 3.7. If a
 * credential has another scheme, such as `Basic`, only the scheme is sent: etcd refuses the credential anyway, and
 * would write it into its log.
 */
export function tokenMetadata(metadata: Metadata): Metadata {
  const found = metadata.find(([key]) => key === TOKEN) ?? metadata.find(([key]) => key === AUTHORIZATION);
  if (found === undefined) return metadata;
  const token = tokenOf(String(found[1]));
  return [...withoutToken(metadata), [TOKEN, token], [AUTHORIZATION, token]];
}

/** Whether metadata has a token in any form. */
export function hasToken(metadata: Metadata): boolean {
  return metadata.some(isToken);
}

/** Returns the metadata without the entries that etcd could read as a token. */
export function withoutToken(metadata: Metadata): Metadata {
  return hasToken(metadata) ? metadata.filter((entry) => !isToken(entry)) : metadata;
}

/** Adds a token to metadata that has none. */
export function withToken(metadata: Metadata, token: string): Metadata {
  return [...metadata, [TOKEN, token]];
}

function isToken([key]: Metadata[number]): boolean {
  return key === TOKEN || key === AUTHORIZATION;
}

function tokenOf(value: string): string {
  // If the header occurs more than once, etcd uses the first value.
  const [first = ""] = value.split(",", 1);
  const [, scheme, rest] = /^(\S+)\s+(\S.*)$/.exec(first.trim()) ?? [];
  if (scheme === undefined || rest === undefined) return first.trim();
  return scheme.toLowerCase() === "bearer" ? rest : scheme;
}
