import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  type Call,
  type CallOptions,
  GatewayError,
  type Metadata,
  Status,
  type StatusCode,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { StatusRequest, StatusResponse } from "../../../generated/index.js";
import { RpcPath } from "../api/rpc-paths.js";
import { unreadableResponse } from "../unreadable-response.js";

/**
 * The number of the field `version` of DowngradeRequest. The API of etcd 3.4 and earlier does not have this message.
 */
const DOWNGRADE_VERSION = 2;

/** The codes by which a cluster says that it cannot be downgraded. Others tell nothing of its members. */
const REFUSALS: readonly StatusCode[] = [Status.INVALID_ARGUMENT, Status.FAILED_PRECONDITION, Status.UNIMPLEMENTED];

/**
 * Activates an alarm without a type, unless that would crash a member. It crashes etcd 3.4 and earlier, and the alarm
 * goes to every member of the cluster. The call therefore first asks one member for its version. It then asks whether
 * the cluster could be downgraded by one minor version, which is the case only if no member is older than the one that
 * was asked. (`Downgrade` with `VALIDATE` changes nothing. It uses the cluster version, which is the lowest version of
 * all members.)
 */
export class UntypedAlarm implements Call {
  readonly #transport: Transport;
  readonly #request: Uint8Array;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  #call: Call | undefined;

  /** @param request the AlarmRequest, as wire bytes */
  constructor(transport: Transport, request: Uint8Array, options: CallOptions, listener: UnaryListener) {
    this.#transport = transport;
    this.#request = request;
    this.#options = options;
    this.#listener = listener;
  }

  start(): this {
    const request = StatusRequest.encode(StatusRequest.create()).finish();
    this.#call = this.#transport.unary(RpcPath.status, request, this.#options, {
      onResponse: (message, _headers, trailers) => this.#onStatus(message, trailers),
      onError: (error, trailers, headers) => this.#listener.onError(error, trailers, headers),
    });
    return this;
  }

  cancel(): void {
    this.#call?.cancel();
  }

  #onStatus(message: Buffer, trailers: Metadata): void {
    let version: string;
    try {
      ({ version } = StatusResponse.decode(message));
    } catch (cause) {
      this.#listener.onError(unreadableResponse(cause), trailers);
      return;
    }
    this.#onVersion(version, trailers);
  }

  #onVersion(version: string, trailers: Metadata): void {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < 3 || (major === 3 && minor < 5)) {
      this.#reject(`an alarm request without a type crashes etcd ${version}: set the field alarm`, trailers);
      return;
    }
    const lower = `${major}.${minor - 1}.0`;
    const request = new BinaryWriter().tag(DOWNGRADE_VERSION, WireType.LengthDelimited).string(lower).finish();
    this.#call = this.#transport.unary(RpcPath.downgrade, request, this.#options, {
      onResponse: () => this.#activate(),
      onError: (error, trailers, headers) => {
        if (!REFUSALS.includes(error.code)) this.#listener.onError(error, trailers, headers);
        else
          this.#reject(
            "an alarm request without a type crashes members older than etcd 3.5, and the cluster may have such members: set the field alarm",
            trailers,
          );
      },
    });
  }

  #activate(): void {
    this.#call = this.#transport.unary(RpcPath.alarm, this.#request, this.#options, this.#listener);
  }

  #reject(text: string, trailers: Metadata): void {
    this.#listener.onError(new GatewayError(Status.INVALID_ARGUMENT, text), trailers);
  }
}
