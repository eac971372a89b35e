// Transcodes etcd's range responses to JSON, in turns with ts-proto's messages and JSON.stringify.
// Usage: npm run bench:codec, or with --json to print only the figures, as a line of JSON.
import assert from "node:assert/strict";
import { RangeResponseCodec } from "../../generated/etcd/api/etcdserverpb/rpc.codec.js";
import { RangeResponse } from "../../generated/messages/etcd/api/etcdserverpb/rpc.js";
import { wireToJson } from "../../runtime/core/json/write/wire-to-json.js";
import { median } from "./median.js";

interface Shape {
  readonly name: string;
  readonly keys: number;
  /** The size of each value, in bytes. */
  readonly size: number;
}

const SHAPES: readonly Shape[] = [
  { name: "1 x 256 B", keys: 1, size: 256 },
  { name: "1,000 x 100 B", keys: 1000, size: 100 },
  { name: "10,000 x 1 KiB", keys: 10_000, size: 1024 },
  { name: "10,000 x 16 B", keys: 10_000, size: 16 },
];

/** The minimum duration of one turn, in milliseconds of CPU time. */
const TURN = 60;
const TURNS = 25;

function rangeAnswer({ keys, size }: Shape): Buffer {
  const kvs = Array.from({ length: keys }, (_, index) => ({
    key: Buffer.from(`/registry/pods/default/pod-${index}`),
    create_revision: BigInt(1000 + index),
    mod_revision: BigInt(200_000 + index),
    version: 3n,
    value: Buffer.alloc(size, `value ${index} `),
    lease: 0n,
  }));
  const header = {
    cluster_id: 14841639068965178418n,
    member_id: 10276657743932975437n,
    revision: 123_456n,
    raft_term: 7n,
  };
  return Buffer.from(RangeResponse.encode({ header, kvs, more: false, count: BigInt(keys) }).finish());
}

/** Does by hand what ts-proto's `toJSON` does, because this `toJSON` is not generated here. */
function toJson(message: RangeResponse): unknown {
  const { header, kvs, more, count } = message;
  return {
    ...(header !== undefined && {
      header: {
        cluster_id: header.cluster_id.toString(),
        member_id: header.member_id.toString(),
        revision: header.revision.toString(),
        raft_term: header.raft_term.toString(),
      },
    }),
    kvs: kvs.map((kv) => {
      const json: Record<string, string> = {};
      if (kv.key.length !== 0) json["key"] = base64(kv.key);
      if (kv.create_revision !== 0n) json["create_revision"] = kv.create_revision.toString();
      if (kv.mod_revision !== 0n) json["mod_revision"] = kv.mod_revision.toString();
      if (kv.version !== 0n) json["version"] = kv.version.toString();
      if (kv.value.length !== 0) json["value"] = base64(kv.value);
      if (kv.lease !== 0n) json["lease"] = kv.lease.toString();
      return json;
    }),
    ...(more && { more }),
    ...(count !== 0n && { count: count.toString() }),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

function byMessages(wire: Buffer): Buffer {
  return Buffer.from(JSON.stringify(toJson(RangeResponse.decode(wire))));
}

function direct(wire: Buffer): Buffer {
  return wireToJson(RangeResponseCodec, wire);
}

/** Runs one way for a turn. Returns the CPU time per run in milliseconds, including that of the garbage collector. */
function turn(way: (wire: Buffer) => Buffer, wire: Buffer): number {
  // Prevents one way from paying for the garbage of the other. This also discards compiled code, so the turn begins
  // with a warm-up.
  globalThis.gc?.();
  for (const end = performance.now() + TURN / 2; performance.now() < end; ) way(wire);
  const start = process.cpuUsage();
  let times = 0;
  let spent = 0;
  while (spent < TURN) {
    for (const end = performance.now() + 5; performance.now() < end; times++) way(wire);
    const { user, system } = process.cpuUsage(start);
    spent = (user + system) / 1000;
  }
  return spent / times;
}

/** The figures of a response. `--json` prints a list of them. */
export interface Measured {
  readonly shape: string;
  /** The size of the protobuf bytes. */
  readonly bytes: number;
  /** Milliseconds of CPU time per response: with ts-proto, and directly. */
  readonly messages: number;
  readonly direct: number;
}

function measure(shape: Shape): Measured {
  const wire = rangeAnswer(shape);
  assert.deepEqual(JSON.parse(direct(wire).toString()), JSON.parse(byMessages(wire).toString()));
  const messages: number[] = [];
  const ours: number[] = [];
  for (let i = 0; i < TURNS; i++) {
    messages.push(turn(byMessages, wire));
    ours.push(turn(direct, wire));
  }
  return { shape: shape.name, bytes: wire.length, messages: median(messages), direct: median(ours) };
}

function print({ shape, bytes, messages, direct }: Measured): void {
  const rate = (time: number) => (bytes / time / 1000).toFixed(0).padStart(10);
  const ratio = (messages / direct).toFixed(1).padStart(15);
  const each = (direct * 1000).toFixed(2).padStart(12);
  console.log(`${shape.padEnd(18)}${rate(messages).padStart(20)}${rate(direct)}${ratio}${each}`);
}

if (process.argv.includes("--json")) {
  console.log(JSON.stringify(SHAPES.map(measure)));
} else {
  console.log("shape             wire MB/s: ts-proto    direct   times as fast   µs each");
  for (const shape of SHAPES) print(measure(shape));
}
