import { Code, RpcError } from "@etcd-gateway/client";

const RPC = "etcdserverpb.Watch.Watch";
const COMPACTED = "etcdserver: mvcc: required revision has been compacted";

/** Matches a gRPC status that Go has formatted as text. */
const GO_STATUS = /^rpc error: code = (\w+) desc = (.*)$/s;

/** The error of a watch whose next revision has been compacted. Events are lost, so read the keys again. */
export class CompactedError extends RpcError {
  /** The first revision that can still be watched. */
  readonly compactRevision: bigint;

  constructor(compactRevision: bigint) {
    super(Code.OUT_OF_RANGE, COMPACTED, { rpc: RPC });
    this.compactRevision = compactRevision;
  }
}

/** Returns the error of a watch that etcd has canceled. The API of etcd 3.3 and earlier has no `cancel_reason`. */
export function canceledWatch(response: {
  readonly compact_revision: bigint;
  readonly cancel_reason?: string;
}): RpcError {
  if (response.compact_revision > 0n) return new CompactedError(response.compact_revision);
  const reason = response.cancel_reason ?? "";
  // etcd 3.3 and earlier give no reason. They refuse a watch only if the user lacks the permission.
  if (reason === "") return new RpcError(Code.PERMISSION_DENIED, "etcdserver: permission denied", { rpc: RPC });
  const [, name = "", text = reason] = GO_STATUS.exec(reason) ?? [];
  return new RpcError(codeOfGoName(name), text, { rpc: RPC });
}

function codeOfGoName(name: string): Code {
  const upper = name === "Canceled" ? "CANCELLED" : name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return Object.entries(Code).find(([key]) => key === upper)?.[1] ?? Code.UNKNOWN;
}
