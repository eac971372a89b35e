import { Code, RpcError } from "@etcd-gateway/client";
import { readCancelReason } from "../api/cancel-reason.js";
import { COMPACTED } from "../api/compacted.js";
import { RpcName } from "../api/rpc-names.js";

/** The revision of an empty store. */
const FIRST_REVISION = 1n;

/** The error of a watch whose next revision has been compacted. Events are lost, so read the keys again. */
export class CompactedError extends RpcError {
  /** The first revision that can still be watched. */
  readonly compactRevision: bigint;

  constructor(compactRevision: bigint) {
    super(Code.OUT_OF_RANGE, COMPACTED, { rpc: RpcName.watch });
    this.compactRevision = compactRevision;
  }
}

/** Returns the error of a watch that etcd has canceled. The API of etcd 3.3 and earlier has no `cancel_reason`. */
export function canceledWatch(response: {
  readonly compact_revision: bigint;
  readonly cancel_reason?: string;
}): RpcError {
  const { compact_revision: compacted } = response;
  // A watch from a negative revision gets -1 while nothing has been compacted.
  if (compacted !== 0n) return new CompactedError(compacted > 0n ? compacted : FIRST_REVISION);
  const { code, message } = readCancelReason(response.cancel_reason ?? "");
  return new RpcError(codeOf(code), message, { rpc: RpcName.watch });
}

function codeOf(name: string): Code {
  return Object.entries(Code).find(([key]) => key === name)?.[1] ?? Code.UNKNOWN;
}
