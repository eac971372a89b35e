/**
 * The gRPC paths of the RPCs that the gateway's transports treat specially. They are written out for the same reason as
 * the names in `RpcName`. A test compares them with the generated code.
 */
export const RpcPath = {
  alarm: "/etcdserverpb.Maintenance/Alarm",
  authStatus: "/etcdserverpb.Auth/AuthStatus",
  authenticate: "/etcdserverpb.Auth/Authenticate",
  campaign: "/v3electionpb.Election/Campaign",
  downgrade: "/etcdserverpb.Maintenance/Downgrade",
  leader: "/v3electionpb.Election/Leader",
  leaseGrant: "/etcdserverpb.Lease/LeaseGrant",
  leaseKeepAlive: "/etcdserverpb.Lease/LeaseKeepAlive",
  lock: "/v3lockpb.Lock/Lock",
  observe: "/v3electionpb.Election/Observe",
  range: "/etcdserverpb.KV/Range",
  rangeStream: "/etcdserverpb.KV/RangeStream",
  roleGrantPermission: "/etcdserverpb.Auth/RoleGrantPermission",
  snapshot: "/etcdserverpb.Maintenance/Snapshot",
  status: "/etcdserverpb.Maintenance/Status",
  userAdd: "/etcdserverpb.Auth/UserAdd",
  watch: "/etcdserverpb.Watch/Watch",
} as const;
