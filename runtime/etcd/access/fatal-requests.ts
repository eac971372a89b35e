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
import { UntypedAlarm } from "./untyped-alarm.js";

/**
 * Rejects requests that are valid in the API but are known to crash an etcd server:
 *
 * - Granting a role no permission at all crashes etcd 3.4.0 to 3.4.23. Later versions refuse it with the same error
 *   text.
 * - Activating an alarm request without a type crashes members older than 3.5.
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
    if (path === RpcPath.alarm && activatesNothing(request)) {
      return new UntypedAlarm(this.transport, request, options, listener).start();
    }
    return super.unary(path, request, options, listener);
  }
}

function rejected(listener: UnaryListener, text: string): Call {
  process.nextTick(() => listener.onError(new GatewayError(Status.INVALID_ARGUMENT, text), NO_METADATA));
  return { cancel() {} };
}

function activatesNothing(request: Uint8Array): boolean {
  const { action, alarm } = AlarmRequest.decode(request);
  return action === AlarmRequest_AlarmAction.ACTIVATE && alarm === AlarmType.NONE;
}
