import { GatewayError, Status, type StatusCode } from "@etcd-gateway/runtime";
import { readCancelReason } from "../../api/cancel-reason.js";

/** Returns the error for a watch's `cancel_reason`. */
export function cancelReasonError(reason: string): GatewayError {
  const { code, message } = readCancelReason(reason);
  return new GatewayError(codeOf(code), message);
}

function codeOf(name: string): StatusCode {
  return Object.entries(Status).find(([key]) => key === name)?.[1] ?? Status.UNKNOWN;
}
