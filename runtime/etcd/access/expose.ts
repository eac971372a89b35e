import type { Exposure } from "../options/etcd-gateway-options.js";

/**
 * The rpcs that change nothing and cost little, and the rpc to sign in. It leaves out snapshots, which contain the
 * hashes of passwords, and the hashes of the database, because etcd reads the whole database for each of them.
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
 * Returns the names of the exposed services and rpcs, or `undefined` if everything is exposed.
 *
 * @param known whether the API has an rpc, because the API of an older etcd lacks some
 */
export function exposedNames(exposure: Exposure, known: (rpc: string) => boolean): readonly string[] | undefined {
  if (exposure === "all") return undefined;
  const names = exposure === "read-only" ? [exposure] : exposure;
  return names.flatMap((name) => (name === "read-only" ? READ_ONLY.filter(known) : [name]));
}
