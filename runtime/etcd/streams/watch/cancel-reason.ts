import { GatewayError, Status, type StatusCode } from "@etcd-gateway/runtime";

/** Matches a gRPC status that Go has formatted as text. */
const GO_STATUS = /^rpc error: code = (\w+) desc = (.*)$/s;

/** The errors of etcd's store for watches that cannot be created. */
const STORE: Readonly<Record<string, StatusCode>> = {
  "mvcc: duplicate watch ID provided on the WatchStream": Status.ALREADY_EXISTS,
  "mvcc: watcher range is empty": Status.INVALID_ARGUMENT,
  "etcdserver: mvcc: required revision has been compacted": Status.OUT_OF_RANGE,
};

/**
 * Returns the error for a watch's `cancel_reason`. etcd 3.3 and earlier give no reason. They refuse a watch only if the
 * user lacks the permission.
 */
export function cancelReasonError(reason: string): GatewayError {
  if (reason === "") return new GatewayError(Status.PERMISSION_DENIED, "etcdserver: permission denied");
  const [, name, text] = GO_STATUS.exec(reason) ?? [];
  if (name === undefined || text === undefined) return new GatewayError(STORE[reason] ?? Status.UNKNOWN, reason);
  return new GatewayError(codeOf(name), text);
}

function codeOf(goName: string): StatusCode {
  const name = goName === "Canceled" ? "CANCELLED" : goName.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return Object.entries(Status).find(([key, code]) => key === name && code !== Status.OK)?.[1] ?? Status.UNKNOWN;
}
