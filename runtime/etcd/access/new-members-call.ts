import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  type Call,
  type CallOptions,
  type GatewayError,
  type Metadata,
  Status,
  type StatusCode,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { StatusRequest, StatusResponse } from "../../../generated/index.js";
import { RpcPath } from "../api/rpc-paths.js";
import { tokenFault } from "../api/token-fault.js";
import { unreadableResponse } from "../unreadable-response.js";

/**
 * The number of the field `version` of DowngradeRequest. The API of etcd 3.4 and earlier does not have this message.
 */
const DOWNGRADE_VERSION = 2;

/** The codes by which a cluster says that it cannot be downgraded. Others tell nothing of its members. */
const REFUSALS: readonly StatusCode[] = [Status.INVALID_ARGUMENT, Status.FAILED_PRECONDITION, Status.UNIMPLEMENTED];

/** A call that crashes members older than etcd 3.5, and its errors if there may be such members. */
export interface DangerousCall {
  readonly path: string;
  /** The request, as wire bytes. */
  readonly request: Uint8Array;
  readonly options: CallOptions;
  /** Returns the error if the member that tells its version is too old. */
  readonly ifOld: (version: string) => GatewayError;
  /** Returns the error if other members may be too old. It gets the refusal of the cluster to be downgraded. */
  readonly ifMixed: (refusal: GatewayError) => GatewayError;
}

/**
 * Makes a call only if no member of the cluster is older than etcd 3.5. It first asks one member for its version. It
 * then asks whether the cluster could be downgraded by one minor version, which is the case only if no member is older
 * than the one that was asked. (`Downgrade` with `VALIDATE` changes nothing. It uses the cluster version, which is the
 * lowest version of all members.)
 */
export class NewMembersCall implements Call {
  readonly #transport: Transport;
  readonly #dangerous: DangerousCall;
  readonly #listener: UnaryListener;
  #call: Call | undefined;

  constructor(transport: Transport, dangerous: DangerousCall, listener: UnaryListener) {
    this.#transport = transport;
    this.#dangerous = dangerous;
    this.#listener = listener;
  }

  start(): this {
    const request = StatusRequest.encode(StatusRequest.create()).finish();
    this.#call = this.#transport.unary(RpcPath.status, request, this.#dangerous.options, {
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
    const { options, ifOld, ifMixed } = this.#dangerous;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < 3 || (major === 3 && minor < 5)) {
      this.#listener.onError(ifOld(version), trailers);
      return;
    }
    const lower = `${major}.${minor - 1}.0`;
    const request = new BinaryWriter().tag(DOWNGRADE_VERSION, WireType.LengthDelimited).string(lower).finish();
    this.#call = this.#transport.unary(RpcPath.downgrade, request, options, {
      onResponse: () => this.#make(),
      onError: (error, trailers, headers) => {
        if (isRefusal(error)) this.#listener.onError(ifMixed(error), trailers);
        else this.#listener.onError(error, trailers, headers);
      },
    });
  }

  #make(): void {
    const { path, request, options } = this.#dangerous;
    this.#call = this.#transport.unary(path, request, options, this.#listener);
  }
}

/** Whether an error says that the cluster cannot be downgraded, rather than that the caller may not ask. */
function isRefusal({ code, message }: GatewayError): boolean {
  return REFUSALS.includes(code) && tokenFault(message) === undefined;
}
