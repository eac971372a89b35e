import { GatewayError, Status, type StatusCode } from "@etcd-gateway/runtime";
import { COMPACTED } from "../../api/compacted.js";
import { readGoStatus } from "../../api/go-status.js";

/** The errors of etcd's store for watches that cannot be created. */
const STORE: Readonly<Record<string, StatusCode>> = {
  "mvcc: duplicate watch ID provided on the WatchStream": Status.ALREADY_EXISTS,
  "mvcc: watcher range is empty": Status.INVALID_ARGUMENT,
  [COMPACTED]: Status.OUT_OF_RANGE,
};

/**
 * Returns the error for a watch's `cancel_reason`. etcd 3.3 and earlier give no reason. They refuse a watch only if the
 * user lacks the permission.
 */
export function cancelReasonError(reason: string): GatewayError {
  if (reason === "") return new GatewayError(Status.PERMISSION_DENIED, "etcdserver: permission denied");
  const status = readGoStatus(reason);
  if (status === undefined) return new GatewayError(STORE[reason] ?? Status.UNKNOWN, reason);
  return new GatewayError(codeOf(status.code), status.message);
}

function codeOf(name: string): StatusCode {
  return Object.entries(Status).find(([key, code]) => key === name && code !== Status.OK)?.[1] ?? Status.UNKNOWN;
}
