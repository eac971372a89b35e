import { RpcName } from "./rpc-names.js";

/** The RPCs that wait for another client or for the disk. No time limit would be right for all of them. */
export const UNLIMITED_RPCS: readonly string[] = [RpcName.lock, RpcName.campaign, RpcName.defragment, RpcName.compact];

/** The RPCs that change nothing, and that are therefore safe to repeat after a connection breaks. */
export const IDEMPOTENT_RPCS: readonly string[] = [
  RpcName.range,
  RpcName.rangeStream,
  RpcName.leaseTimeToLive,
  RpcName.leaseLeases,
  RpcName.memberList,
  RpcName.status,
  RpcName.hash,
  RpcName.hashKv,
  RpcName.authStatus,
  RpcName.userGet,
  RpcName.userList,
  RpcName.roleGet,
  RpcName.roleList,
  RpcName.leader,
];
