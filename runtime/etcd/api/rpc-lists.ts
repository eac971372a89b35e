/** The rpc whose messages have revisions from which a client can resume. */
export const WATCH_RPC = "etcdserverpb.Watch.Watch";

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
