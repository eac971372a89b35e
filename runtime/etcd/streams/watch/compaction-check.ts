import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type Call, type CallOptions, type GatewayError, Status, type Transport } from "@etcd-gateway/runtime";
import { COMPACTED } from "../../api/compacted.js";
import { RpcPath } from "../../api/rpc-paths.js";
import type { WatchCreate } from "./watch-request.js";

/** The numbers of RangeRequest's fields. */
const KEY = 1;
const REVISION = 4;
const SERIALIZABLE = 7;
const COUNT_ONLY = 9;

/**
 * Checks whether the start revision of a watch has been compacted. The watch itself would report that only after its
 * creation. `done` is called with the error if it has been compacted, and with `undefined` otherwise. Other errors are
 * ignored, because the watch will report them.
 */
export function checkCompaction(
  transport: Transport,
  { key, startRevision }: WatchCreate,
  { metadata, deadline }: CallOptions,
  done: (error: GatewayError | undefined) => void,
): Call {
  const request = new BinaryWriter()
    .tag(KEY, WireType.LengthDelimited)
    .bytes(key.length === 0 ? Uint8Array.of(0) : key)
    .tag(REVISION, WireType.Varint)
    .int64(startRevision)
    .tag(SERIALIZABLE, WireType.Varint)
    .bool(true)
    .tag(COUNT_ONLY, WireType.Varint)
    .bool(true)
    .finish();
  return transport.unary(
    RpcPath.range,
    request,
    { metadata, deadline, idempotent: true },
    {
      onResponse: () => done(undefined),
      onError: (error) => done(error.code === Status.OUT_OF_RANGE && error.message === COMPACTED ? error : undefined),
    },
  );
}
