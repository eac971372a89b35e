import { BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  type Call,
  type CallOptions,
  type GatewayError,
  type Metadata,
  NO_METADATA,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { LeaseGrantRequest, LeaseGrantResponse } from "../../../generated/messages/etcd/api/etcdserverpb/rpc.js";
import { RpcPath } from "../api/rpc-paths.js";
import { WireScan } from "../streams/wire-scan.js";
import { unreadableResponse } from "../unreadable-response.js";

/** The time to live of the lease, in seconds. etcd uses the same if a lock or a campaign has no lease. */
const TTL = 60n;
/** The number of the field `lease` in both requests. */
const LEASE = 2;

/** Makes a unary call. */
export type MakeUnary = (path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener) => Call;

/** Whether a call is a lock or a campaign, which waits in a queue of etcd. */
export function waitsInLine(path: string): boolean {
  return path === RpcPath.lock || path === RpcPath.campaign;
}

/** Whether a call waits in a queue, with a key that is made from its lease, and names no lease. */
export function needsLease(path: string, request: Uint8Array): boolean {
  return waitsInLine(path) && !namesLease(request);
}

/**
 * A lock or a campaign without a lease. etcd would make a lease that the gateway does not know. If the call were
 * repeated, it would get another lease and wait behind the key of the first one. The gateway therefore makes the lease
 * itself, like etcd, and uses it for every repetition of the call.
 */
export class LeasedUnary implements Call, UnaryListener {
  readonly #make: MakeUnary;
  readonly #path: string;
  readonly #request: Uint8Array;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  #call: Call | undefined;

  constructor(make: MakeUnary, path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener) {
    this.#make = make;
    this.#path = path;
    this.#request = request;
    this.#options = options;
    this.#listener = listener;
  }

  /** Requests the lease. The call follows when the lease has been granted. */
  start(): void {
    const request = LeaseGrantRequest.encode(LeaseGrantRequest.fromPartial({ TTL })).finish();
    // The progress of a call concerns only the call itself.
    this.#call = this.#make(RpcPath.leaseGrant, request, { ...this.#options, progress: undefined }, this);
  }

  cancel(): void {
    this.#call?.cancel();
  }

  /** Makes the call with the lease that has been granted. */
  onResponse(message: Buffer): void {
    let lease: bigint;
    try {
      lease = LeaseGrantResponse.decode(message).ID;
    } catch (cause) {
      this.onError(unreadableResponse(cause), NO_METADATA);
      return;
    }
    this.#call = this.#make(this.#path, withLease(this.#request, lease), this.#options, this.#listener);
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    this.#listener.onError(error, trailers, headers);
  }
}

function namesLease(request: Uint8Array): boolean {
  const scan = new WireScan();
  scan.open(request, 0, request.length);
  let lease = 0n;
  while (scan.next()) {
    if (scan.field === LEASE && scan.type === 0) lease = scan.int64();
    else scan.skip();
  }
  return lease !== 0n;
}

/** Appends a lease to a request. If a field occurs twice, the last value counts. */
function withLease(request: Uint8Array, lease: bigint): Uint8Array {
  const field = new BinaryWriter().tag(LEASE, 0).int64(lease).finish();
  return Buffer.concat([request, field]);
}
