import { BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  type Call,
  type CallOptions,
  GatewayError,
  type Metadata,
  Status,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { LeaseGrantRequest, LeaseGrantResponse } from "../../../generated/messages/etcd/api/etcdserverpb/rpc.js";
import { RpcPath } from "../rpc-paths.js";
import { WireScan } from "../streams/wire-scan.js";

/** How long a lease lives that etcd makes for a lock or a campaign without one, in seconds. */
const TTL = 60n;
/** The field `lease` of the requests of both. */
const LEASE = 2;

/** Makes a unary call. */
export type MakeUnary = (path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener) => Call;

/** Whether a call takes a place in a line, by a key that is made of its lease, and names no lease. */
export function needsLease(path: string, request: Uint8Array): boolean {
  return (path === RpcPath.lock || path === RpcPath.campaign) && !namesLease(request);
}

/**
 * A lock or a campaign that names no lease. etcd would make one for it that nobody knows: the same call, made once more,
 * would get another and wait behind the key of the first. So the lease is made here, as etcd makes it, and the call names
 * it however often it is made.
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

  /** Asks for the lease; the call follows. */
  start(): void {
    const request = LeaseGrantRequest.encode(LeaseGrantRequest.fromPartial({ TTL })).finish();
    // Who follows the call hears of the call alone.
    this.#call = this.#make(RpcPath.leaseGrant, request, { ...this.#options, progress: undefined }, this);
  }

  cancel(): void {
    this.#call?.cancel();
  }

  /** The lease is there. */
  onResponse(message: Buffer): void {
    let lease: bigint;
    try {
      lease = LeaseGrantResponse.decode(message).ID;
    } catch (cause) {
      this.onError(new GatewayError(Status.INTERNAL, "the server sent a response that cannot be read", { cause }), []);
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

/** The request with a lease behind its other fields: of a field that comes twice the last counts. */
function withLease(request: Uint8Array, lease: bigint): Uint8Array {
  const field = new BinaryWriter().tag(LEASE, 0).int64(lease).finish();
  return Buffer.concat([request, field]);
}
