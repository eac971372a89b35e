import { type Call, type CallOptions, type GatewayError, monotonicTime, type Transport } from "@etcd-gateway/runtime";
import { NO_PERMISSION } from "../api/cancel-reason.js";
import { innermostMessage } from "../api/go-status.js";
import { RpcPath } from "../api/rpc-paths.js";
import { tokenFault } from "../api/token-fault.js";

/** How long etcd may take to tell the reason, in milliseconds. */
const TIMEOUT = 5_000;

/**
 * Asks etcd whether it refuses an observer because of its token or its permissions. `Observe` ends without a reason.
 * `Leader` makes the same read and tells it. `done` is called with the error if etcd refuses the observer, and with
 * `undefined` otherwise.
 *
 * @param request the request of the observer, a `LeaderRequest`
 */
export function checkObserver(
  transport: Transport,
  request: Uint8Array,
  { metadata, deadline = Number.POSITIVE_INFINITY }: CallOptions,
  done: (error: GatewayError | undefined) => void,
): Call {
  const options = { metadata, deadline: Math.min(deadline, monotonicTime() + TIMEOUT), idempotent: true };
  return transport.unary(RpcPath.leader, request, options, {
    onResponse: () => done(undefined),
    onError: (error) => done(isRefusal(error) ? error : undefined),
  });
}

function isRefusal({ message }: GatewayError): boolean {
  return tokenFault(message) !== undefined || innermostMessage(message) === NO_PERMISSION;
}
