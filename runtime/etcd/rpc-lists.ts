/** The path prefixes of all API versions that etcd has had. Clients of any age find the API under their own prefix. */
export const PATH_PREFIXES: readonly ["/v3", "/v3beta", "/v3alpha"] = ["/v3", "/v3beta", "/v3alpha"];

/** The rpcs that wait for another client or for the disk. No time limit would be right for all of them. */
export const UNLIMITED_RPCS: readonly string[] = [
  "v3lockpb.Lock.Lock",
  "v3electionpb.Election.Campaign",
  "etcdserverpb.Maintenance.Defragment",
  "etcdserverpb.KV.Compact",
];

/** The rpcs that change nothing, and that are therefore safe to repeat after a connection breaks. */
export const IDEMPOTENT_RPCS: readonly string[] = [
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
];
