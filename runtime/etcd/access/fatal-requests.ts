import { WireType } from "@bufbuild/protobuf/wire";
import {
  type Call,
  type CallOptions,
  ForwardingTransport,
  GatewayError,
  NO_METADATA,
  Status,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import {
  AlarmRequest,
  AlarmRequest_AlarmAction,
  AlarmType,
  AuthRoleGrantPermissionRequest,
} from "../../../generated/index.js";
import { RpcPath } from "../api/rpc-paths.js";
import { WireScan } from "../streams/wire-scan.js";
import { type DangerousCall, NewMembersCall } from "./new-members-call.js";

/**
 * Rejects requests that are valid in the API but are known to crash an etcd server:
 *
 * - Granting a role no permission at all crashes etcd 3.4.0 to 3.4.23. Later versions refuse it with the same error
 *   text.
 * - Activating an alarm request without a type crashes members older than 3.5.
 * - A member of 3.5 or later sends AuthStatus, and Downgrade with `ENABLE`, to all members as entries of the log. Members
 *   older than 3.5 do not know these entries. They crash, and crash again when they are restarted.
 *
 * Unknown enum numbers crash servers, too, but the JSON reader rejects them.
 */
export function rejectingFatalRequests(transport: Transport): Transport {
  return new FatalRequestFilter(transport);
}

class FatalRequestFilter extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    if (path === RpcPath.roleGrantPermission && AuthRoleGrantPermissionRequest.decode(request).perm === undefined) {
      return rejected(listener, "etcdserver: permission not given");
    }
    const errors = errorsOfOldMembers(path, request);
    if (errors === undefined) return super.unary(path, request, options, listener);
    return new NewMembersCall(this.transport, { path, request, options, ...errors }, listener).start();
  }
}

function rejected(listener: UnaryListener, text: string): Call {
  process.nextTick(() => listener.onError(new GatewayError(Status.INVALID_ARGUMENT, text), NO_METADATA));
  return { cancel() {} };
}

/** Returns the errors of a call that crashes members older than etcd 3.5, and `undefined` for other calls. */
function errorsOfOldMembers(path: string, request: Uint8Array): Pick<DangerousCall, "ifOld" | "ifMixed"> | undefined {
  if (path === RpcPath.alarm && activatesNothing(request)) return UNTYPED_ALARM;
  if (path === RpcPath.authStatus) return AUTH_STATUS;
  if (path === RpcPath.downgrade && enablesDowngrade(request)) return DOWNGRADE;
  return undefined;
}

const UNTYPED_ALARM: Pick<DangerousCall, "ifOld" | "ifMixed"> = {
  ifOld: (version) =>
    new GatewayError(
      Status.INVALID_ARGUMENT,
      `an alarm request without a type crashes etcd ${version}: set the field alarm`,
    ),
  ifMixed: () =>
    new GatewayError(
      Status.INVALID_ARGUMENT,
      "an alarm request without a type crashes members older than etcd 3.5, and the cluster may have such members: set the field alarm",
    ),
};

const AUTH_STATUS: Pick<DangerousCall, "ifOld" | "ifMixed"> = {
  ifOld: () => unknownMethod("AuthStatus", "etcdserverpb.Auth"),
  ifMixed: () =>
    new GatewayError(
      Status.FAILED_PRECONDITION,
      "AuthStatus crashes members older than etcd 3.5, and the cluster may have such members: update all members first",
    ),
};

const DOWNGRADE: Pick<DangerousCall, "ifOld" | "ifMixed"> = {
  ifOld: () => unknownMethod("Downgrade", "etcdserverpb.Maintenance"),
  // etcd would give the same reason for most versions.
  ifMixed: (refusal) => refusal,
};

/** Returns the error of a member that does not have an RPC. */
function unknownMethod(method: string, service: string): GatewayError {
  return new GatewayError(Status.UNIMPLEMENTED, `unknown method ${method} for service ${service}`);
}

/** The number of the field `action` of DowngradeRequest, and its value `ENABLE`. */
const DOWNGRADE_ACTION = 1;
const ENABLE = 1n;

/** Whether a DowngradeRequest enables a downgrade. The API of etcd 3.4 and earlier does not have this message. */
function enablesDowngrade(request: Uint8Array): boolean {
  const scan = new WireScan();
  scan.open(request, 0, request.length);
  let action = 0n;
  while (scan.next()) {
    if (scan.field === DOWNGRADE_ACTION && scan.type === WireType.Varint) action = scan.int64();
    else scan.skip();
  }
  return action === ENABLE;
}

function activatesNothing(request: Uint8Array): boolean {
  const { action, alarm } = AlarmRequest.decode(request);
  return action === AlarmRequest_AlarmAction.ACTIVATE && alarm === AlarmType.NONE;
}
