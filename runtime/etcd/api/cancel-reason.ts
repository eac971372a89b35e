import { COMPACTED } from "./compacted.js";
import { type NamedStatus, readGoStatus } from "./go-status.js";

/** The text of the error for a missing permission. */
export const NO_PERMISSION = "etcdserver: permission denied";

/** The names of the codes for the reasons that etcd gives without a code. */
const CODES: Readonly<Record<string, string>> = {
  [NO_PERMISSION]: "PERMISSION_DENIED",
  [COMPACTED]: "OUT_OF_RANGE",
  "mvcc: duplicate watch ID provided on the WatchStream": "ALREADY_EXISTS",
  "mvcc: watcher range is empty": "INVALID_ARGUMENT",
};

/**
 * Returns the status for a watch's `cancel_reason`. etcd 3.3 and earlier give no reason, and then the text is empty.
 * They refuse a watch only if the user lacks the permission.
 */
export function readCancelReason(reason: string): NamedStatus {
  const message = reason === "" ? NO_PERMISSION : reason;
  return readGoStatus(message) ?? { code: CODES[message] ?? "UNKNOWN", message };
}
