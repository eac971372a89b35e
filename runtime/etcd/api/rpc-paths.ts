/**
 * The gRPC paths of the etcd rpcs that the gateway treats specially. They are written out instead of being taken from
 * the generated code, because an API generated from an older etcd lacks some of them.
 */
export const RpcPath = {
  alarm: "/etcdserverpb.Maintenance/Alarm",
  authenticate: "/etcdserverpb.Auth/Authenticate",
  campaign: "/v3electionpb.Election/Campaign",
  downgrade: "/etcdserverpb.Maintenance/Downgrade",
  grantPermission: "/etcdserverpb.Auth/RoleGrantPermission",
  keepAlive: "/etcdserverpb.Lease/LeaseKeepAlive",
  leaseGrant: "/etcdserverpb.Lease/LeaseGrant",
  lock: "/v3lockpb.Lock/Lock",
  observe: "/v3electionpb.Election/Observe",
  range: "/etcdserverpb.KV/Range",
  status: "/etcdserverpb.Maintenance/Status",
  userAdd: "/etcdserverpb.Auth/UserAdd",
  watch: "/etcdserverpb.Watch/Watch",
} as const;
