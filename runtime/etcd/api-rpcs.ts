import type { Rpc, Service } from "@etcd-gateway/runtime";
import { services } from "../../generated/index.js";
import { IDEMPOTENT_RPCS, UNLIMITED_RPCS } from "./rpc-lists.js";

const RPCS: readonly Rpc[] = Object.values<Service>(services).flatMap((service) => Object.values(service.rpcs));
const NAMES: ReadonlySet<string> = new Set(RPCS.map((rpc) => rpc.name));

/**
 * Whether the API has an rpc. An API that was generated from an older etcd lacks some of the rpcs that are named here.
 */
export function isKnown(rpc: string): boolean {
  return NAMES.has(rpc);
}

/** The rpc whose messages have revisions from which a client can resume. */
export const WATCH = "etcdserverpb.Watch.Watch";

/** The rpcs without a time limit. */
export const UNLIMITED: readonly string[] = UNLIMITED_RPCS.filter(isKnown);

/** The rpcs that change nothing. */
export const IDEMPOTENT: readonly string[] = IDEMPOTENT_RPCS.filter(isKnown);

/** The path prefixes of all API versions that etcd has had. Clients of any age find the API under their own prefix. */
const PREFIXES = ["/v3", "/v3beta", "/v3alpha"] as const;

/** Returns the aliases of the prefix that the generated routes have. It is `/v3`, or an older one for an older etcd. */
export function prefixAliases(): Readonly<Record<string, string>> {
  const paths = RPCS.flatMap((rpc) => rpc.bindings.map((binding) => binding.template));
  const own = PREFIXES.find((prefix) => paths.some((path) => path.startsWith(`${prefix}/`))) ?? PREFIXES[0];
  return Object.fromEntries(PREFIXES.filter((prefix) => prefix !== own).map((prefix) => [prefix, own]));
}
