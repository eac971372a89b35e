import type { Rpc, Service } from "@etcd-gateway/runtime";
import { services } from "../../generated/index.js";

const RPCS: readonly Rpc[] = Object.values<Service>(services).flatMap((service) => Object.values(service.rpcs));
const NAMES: ReadonlySet<string> = new Set(RPCS.map((rpc) => rpc.name));

/** Whether the API has an rpc: an older etcd's, generated anew, lacks some of those that are named here. */
export function isKnown(rpc: string): boolean {
  return NAMES.has(rpc);
}

/** The rpc whose messages have revisions to go on from. */
export const WATCH = "etcdserverpb.Watch.Watch";

/** They wait for another client, or for the disk: any limit of ours would be a guess. */
export const UNLIMITED: readonly string[] = [
  "v3lockpb.Lock.Lock",
  "v3electionpb.Election.Campaign",
  "etcdserverpb.Maintenance.Defragment",
  "etcdserverpb.KV.Compact",
].filter(isKnown);

/** They change nothing, so a connection that breaks is no reason to fail. */
export const IDEMPOTENT: readonly string[] = [
  "etcdserverpb.KV.Range",
  "etcdserverpb.KV.RangeStream",
  "etcdserverpb.Lease.LeaseTimeToLive",
  "etcdserverpb.Lease.LeaseLeases",
  "etcdserverpb.Cluster.MemberList",
  "etcdserverpb.Maintenance.Status",
  "etcdserverpb.Maintenance.Hash",
  "etcdserverpb.Maintenance.HashKV",
  "etcdserverpb.Auth.AuthStatus",
  "etcdserverpb.Auth.UserGet",
  "etcdserverpb.Auth.UserList",
  "etcdserverpb.Auth.RoleGet",
  "etcdserverpb.Auth.RoleList",
  "v3electionpb.Election.Leader",
].filter(isKnown);

/** The path prefix of every API version that etcd has had: clients of any age find the API under theirs. */
const PREFIXES = ["/v3", "/v3beta", "/v3alpha"] as const;

/** Every prefix stands for the one that the generated routes have: `/v3`, or an older one for an older etcd. */
export function prefixAliases(): Readonly<Record<string, string>> {
  const paths = RPCS.flatMap((rpc) => rpc.bindings.map((binding) => binding.template));
  const own = PREFIXES.find((prefix) => paths.some((path) => path.startsWith(`${prefix}/`))) ?? PREFIXES[0];
  return Object.fromEntries(PREFIXES.filter((prefix) => prefix !== own).map((prefix) => [prefix, own]));
}
