import {
  type Call,
  type CallOptions,
  ForwardingTransport,
  GatewayError,
  type Metadata,
  Status,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import {
  AlarmRequest,
  AlarmRequest_AlarmAction,
  AlarmType,
  AuthRoleGrantPermissionRequest,
  StatusRequest,
  StatusResponse,
} from "../../../generated/index.js";
import { RpcPath } from "../rpc-paths.js";

const NO_METADATA: Metadata = [];

/**
 * Refuses what is known to end an etcd server although its messages are as the API has them: granting a role no
 * permission at all (3.4.0 to 3.4.23), which later servers refuse with the same words, and activating an alarm of no type
 * on a server before 3.5, which is asked for its version first. (Enum numbers that etcd does not know end servers too;
 * they are refused where JSON is read.)
 */
export function refusingTransport(transport: Transport): Transport {
  return new RefusingTransport(transport);
}

class RefusingTransport extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    if (path === RpcPath.grantPermission && AuthRoleGrantPermissionRequest.decode(request).perm === undefined) {
      return refused(listener, "etcdserver: permission not given");
    }
    if (path === RpcPath.alarm && activatesNothing(request)) {
      return new AlarmCall(this.transport, request, options, listener).start();
    }
    return super.unary(path, request, options, listener);
  }
}

function refused(listener: UnaryListener, text: string): Call {
  process.nextTick(() => listener.onError(new GatewayError(Status.INVALID_ARGUMENT, text), NO_METADATA));
  return { cancel() {} };
}

function activatesNothing(request: Uint8Array): boolean {
  const { action, alarm } = AlarmRequest.decode(request);
  return action === AlarmRequest_AlarmAction.ACTIVATE && alarm === AlarmType.NONE;
}

/** Activates an alarm of no type, if the server lives on. */
class AlarmCall implements Call {
  readonly #transport: Transport;
  readonly #request: Uint8Array;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  #call: Call | undefined;

  constructor(transport: Transport, request: Uint8Array, options: CallOptions, listener: UnaryListener) {
    this.#transport = transport;
    this.#request = request;
    this.#options = options;
    this.#listener = listener;
  }

  start(): this {
    const request = StatusRequest.encode(StatusRequest.create()).finish();
    this.#call = this.#transport.unary(RpcPath.status, request, this.#options, {
      onResponse: (message, _headers, trailers) => this.#onVersion(StatusResponse.decode(message).version, trailers),
      onError: (error, trailers) => this.#listener.onError(error, trailers),
    });
    return this;
  }

  cancel(): void {
    this.#call?.cancel();
  }

  #onVersion(version: string, trailers: Metadata): void {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > 3 || minor >= 5) {
      this.#call = this.#transport.unary(RpcPath.alarm, this.#request, this.#options, this.#listener);
      return;
    }
    const text = `etcd ${version} ends when an alarm without a type is activated: name one`;
    this.#listener.onError(new GatewayError(Status.INVALID_ARGUMENT, text), trailers);
  }
}
