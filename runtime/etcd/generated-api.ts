import type { Rpc, Service } from "@etcd-gateway/runtime";
import { services } from "../../generated/index.js";
import { IDEMPOTENT_RPCS, UNLIMITED_RPCS } from "./api/rpc-lists.js";
import { PATH_PREFIXES } from "./api/version-prefixes.js";

const RPCS: readonly Rpc[] = Object.values<Service>(services).flatMap((service) => Object.values(service.rpcs));
const NAMES: ReadonlySet<string> = new Set(RPCS.map((rpc) => rpc.name));

/**
 * Whether the API has an RPC. An API that was generated from an older etcd lacks some of the RPCs that are named here.
 */
export function isKnown(rpc: string): boolean {
  return NAMES.has(rpc);
}

/** The RPCs without a time limit. */
export const UNLIMITED: readonly string[] = UNLIMITED_RPCS.filter(isKnown);

/** The RPCs that change nothing. */
export const IDEMPOTENT: readonly string[] = IDEMPOTENT_RPCS.filter(isKnown);

const BINDINGS: readonly string[] = RPCS.flatMap(({ bindings }) => bindings.map(({ template }) => template));

/** The prefix of the generated routes. It is `/v3`, or an older one for an older etcd. */
const OWN_PREFIX =
  PATH_PREFIXES.find((prefix) => BINDINGS.some((path) => path.startsWith(`${prefix}/`))) ?? PATH_PREFIXES[0];

/** Returns the aliases of the prefix that the generated routes have. */
export function prefixAliases(): Readonly<Record<string, string>> {
  const others = PATH_PREFIXES.filter((prefix) => prefix !== OWN_PREFIX);
  return Object.fromEntries(others.map((prefix) => [prefix, OWN_PREFIX]));
}

/**
 * Whether the gateway serves anything under a path prefix, such as `/v3` or `/v3alpha/kv`.
 *
 * @param unbound whether RPCs without an HTTP rule have a path too, that of gRPC
 */
export function isServedPrefix(prefix: string, unbound: boolean): boolean {
  const own = PATH_PREFIXES.flatMap((each) => BINDINGS.map((path) => each + path.slice(OWN_PREFIX.length)));
  const grpc = unbound ? RPCS.filter(({ bindings }) => bindings.length === 0).map(({ method }) => method.path) : [];
  return [...own, ...grpc].some((path) => path === prefix || path.startsWith(`${prefix}/`));
}
