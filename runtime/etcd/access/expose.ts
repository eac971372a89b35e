import type { Exposure } from "../options/etcd-gateway-options.js";

/**
 * What changes nothing and costs little, and signing in. Not among them: snapshots, which hold the hashes of passwords,
 * and the hashes of the database, each of which makes etcd read all of it.
 */
const READ_ONLY = [
  "etcdserverpb.KV.Range",
  "etcdserverpb.KV.RangeStream",
  "etcdserverpb.Watch.Watch",
  "etcdserverpb.Lease.LeaseTimeToLive",
  "etcdserverpb.Lease.LeaseLeases",
  "etcdserverpb.Cluster.MemberList",
  "etcdserverpb.Maintenance.Status",
  "etcdserverpb.Auth.Authenticate",
  "etcdserverpb.Auth.AuthStatus",
  "etcdserverpb.Auth.UserGet",
  "etcdserverpb.Auth.UserList",
  "etcdserverpb.Auth.RoleGet",
  "etcdserverpb.Auth.RoleList",
  "v3electionpb.Election.Leader",
  "v3electionpb.Election.Observe",
];

/**
 * The names of what is exposed; `undefined` for everything.
 *
 * @param known whether the API has an rpc: an older etcd's lacks some
 */
export function exposedNames(exposure: Exposure, known: (rpc: string) => boolean): readonly string[] | undefined {
  if (exposure === "all") return undefined;
  const names = exposure === "read-only" ? [exposure] : exposure;
  return names.flatMap((name) => (name === "read-only" ? READ_ONLY.filter(known) : [name]));
}
