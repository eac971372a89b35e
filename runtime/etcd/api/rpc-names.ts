/**
 * The full names of the etcd RPCs that the gateway or its client treats specially. They are written out instead of being
 * taken from the generated code, because an API generated from an older etcd lacks some of them, and because the client
 * does not contain the server's tables. A test compares them with the generated code.
 */
export const RpcName = {
  authStatus: "etcdserverpb.Auth.AuthStatus",
  authenticate: "etcdserverpb.Auth.Authenticate",
  campaign: "v3electionpb.Election.Campaign",
  compact: "etcdserverpb.KV.Compact",
  defragment: "etcdserverpb.Maintenance.Defragment",
  hash: "etcdserverpb.Maintenance.Hash",
  hashKv: "etcdserverpb.Maintenance.HashKV",
  leader: "v3electionpb.Election.Leader",
  leaseKeepAlive: "etcdserverpb.Lease.LeaseKeepAlive",
  leaseLeases: "etcdserverpb.Lease.LeaseLeases",
  leaseTimeToLive: "etcdserverpb.Lease.LeaseTimeToLive",
  lock: "v3lockpb.Lock.Lock",
  memberList: "etcdserverpb.Cluster.MemberList",
  observe: "v3electionpb.Election.Observe",
  range: "etcdserverpb.KV.Range",
  rangeStream: "etcdserverpb.KV.RangeStream",
  roleGet: "etcdserverpb.Auth.RoleGet",
  roleList: "etcdserverpb.Auth.RoleList",
  status: "etcdserverpb.Maintenance.Status",
  userGet: "etcdserverpb.Auth.UserGet",
  userList: "etcdserverpb.Auth.UserList",
  watch: "etcdserverpb.Watch.Watch",
} as const;
