import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
} from "@grpc/grpc-js";
import {
  type KeyValue,
  type KVServer,
  KVService,
  kv,
  PutResponse,
  type RangeRequest,
  RangeResponse,
  RangeStreamResponse,
  type WatchCreateRequest,
  type WatchRequest,
  WatchResponse,
  type WatchServer,
  WatchService,
  watch,
} from "../../../generated/index.js";
import { createClient } from "../../../runtime/core/call/client.js";
import type { Client } from "../../../runtime/core/call/client-types.js";
import type { Method, Rpc } from "../../../runtime/core/call/rpc.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { Transport } from "../../../runtime/core/transport/transport.js";
import { until } from "../../until.js";
import { TEST_CHANNEL } from "../transport/channels.js";

/** A method that streams requests only: etcd has none. */
const sum: Method<RangeRequest, RangeResponse> & { readonly requestStream: true; readonly responseStream: false } = {
  ...KVService.range,
  path: "/test.Sum/Sum",
  requestStream: true,
  responseStream: false,
};
const sumRpc: Rpc<RangeRequest, RangeResponse> & { readonly method: typeof sum } = {
  ...kv.rpcs.range,
  name: "test.Sum.Sum",
  method: sum,
};
const services = { kv, watch, sum: { name: "test.Sum", rpcs: { sum: sumRpc } } };

let server: Server;
let transport: Transport;
let client: Client<typeof services>;
let range: handleUnaryCall<RangeRequest, RangeResponse>;
let rangeStream: handleServerStreamingCall<RangeRequest, RangeStreamResponse>;
let watchAll: handleBidiStreamingCall<WatchRequest, WatchResponse>;
let canceled: number;

before(async () => {
  server = new Server();
  const unused = (_: unknown, callback: (error: { code: number }) => void): void => callback({ code: 12 });
  const kvServer: KVServer = {
    range: (call, callback) => range(call, callback),
    rangeStream: (call) => rangeStream(call),
    put: ({ request }, callback) => {
      const prev_kv = { ...request, create_revision: 1n, mod_revision: 1n, version: 1n };
      callback(null, PutResponse.create({ prev_kv }));
    },
    deleteRange: unused,
    txn: unused,
    compact: unused,
  };
  const watchServer: WatchServer = { watch: (call) => watchAll(call) };
  server.addService(KVService, kvServer);
  server.addService(WatchService, watchServer);
  server.addService(
    { sum },
    {
      sum: (call: AsyncIterable<RangeRequest>, callback: (error: Error | null, value: RangeResponse) => void) => {
        void (async () => {
          let total = 0n;
          for await (const { limit } of call) total += limit;
          callback(null, RangeResponse.create({ count: total }));
        })();
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  transport = grpcTransport({ channel: TEST_CHANNEL, endpoints: [`127.0.0.1:${port}`] });
  client = createClient(services, transport, { metadata: { token: "all" } });
});

after(() => {
  transport.close();
  server.forceShutdown();
});

beforeEach(() => {
  canceled = 0;
  range = (call, callback) =>
    callback(null, RangeResponse.create({ count: call.request.limit, kvs: [], more: call.request.keys_only }));
  rangeStream = (call) => {
    call.on("cancelled", () => {
      canceled += 1;
    });
    for (let i = 0n; i < call.request.limit; i++) {
      call.write(RangeStreamResponse.create({ range_response: RangeResponse.create({ count: i }) }));
    }
    call.end();
  };
  watchAll = (call) => {
    call.on("cancelled", () => {
      canceled += 1;
    });
    call.on("data", (request: WatchRequest) => {
      const id = request.request_union?.$case === "cancel_request" ? request.request_union.value.watch_id : 0n;
      call.write(WatchResponse.create({ watch_id: id }));
    });
    call.on("end", () => call.end());
  };
});

test("a unary call takes a request with the fields that matter, and gives the response", async () => {
  const response = await client.kv.range({ key: Buffer.from("foo"), limit: 1n << 62n, keys_only: true });
  assert.equal(response.count, 1n << 62n);
  assert.equal(response.more, true);
  const { prev_kv } = await client.kv.put({ key: Buffer.from("k"), value: Buffer.from([0, 255]), lease: -1n });
  assert.deepEqual(Buffer.from(prev_kv?.value ?? []), Buffer.from([0, 255]));
  assert.equal(prev_kv?.lease, -1n);
});

test("a failure rejects with a GatewayError", async () => {
  const metadata = new Metadata();
  range = (_, callback) => callback({ code: Status.NOT_FOUND, details: "no such thing", metadata });
  await assert.rejects(client.kv.range({}), (error: unknown) => {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, Status.NOT_FOUND);
    assert.equal(error.message, "no such thing");
    return true;
  });
});

test("a request that is no such message rejects, and is not sent", async () => {
  // @ts-expect-error: limit is a bigint
  await assert.rejects(client.kv.range({ limit: "many" }), {
    code: Status.INVALID_ARGUMENT,
    message: "etcdserverpb.KV.Range: the request does not fit the message type",
  });
});

test("metadata of the client and of the call are sent; the call's go first", async () => {
  let received: Metadata | undefined;
  range = (call, callback) => {
    received = call.metadata;
    callback(null, RangeResponse.create());
  };
  await client.kv.range({}, { metadata: { "X-Several": ["a", "b"], "x-bin": Buffer.of(255) } });
  assert.deepEqual(received?.get("token"), ["all"]);
  assert.deepEqual(received?.get("x-several").join(), "a, b");
  assert.deepEqual(received?.get("x-bin"), [Buffer.of(255)]);
  await client.kv.range({}, { metadata: { token: "own" } });
  assert.deepEqual(received?.get("token"), ["own"]);
});

test("metadata that is no object, such as a list of entries, is rejected", async () => {
  const metadata = JSON.parse('[["x","y"]]');
  const expected = {
    name: "TypeError",
    message: /^invalid metadata \(a list\): expected an object with a string for each key/,
  };
  await assert.rejects(client.kv.range({}, { metadata }), expected);
});

test("metadata that cannot be sent is rejected", async () => {
  for (const metadata of [{ "grpc-x": "a" }, { a: "ü" }, { "a b": "c" }, { "a-bin": "text" }, { a: Buffer.of(1) }]) {
    await assert.rejects(client.kv.range({}, { metadata }), { code: Status.INVALID_ARGUMENT });
    assert.throws(() => createClient(services, transport, { metadata }), { code: Status.INVALID_ARGUMENT });
  }
});

test("a timeout ends a call", async () => {
  range = () => {};
  await assert.rejects(client.kv.range({}, { timeout: 50 }), { code: Status.DEADLINE_EXCEEDED });
});

test("RPCs may have limits of their own, or none; the call's goes before them", async () => {
  const deadlines: (number | undefined)[] = [];
  const isLong: (boolean | undefined)[] = [];
  const noting: Transport = {
    ...transport,
    unary(_path, _request, options, listener) {
      deadlines.push(options.deadline);
      isLong.push(options.isLong);
      process.nextTick(() => listener.onResponse(Buffer.alloc(0), [], []));
      return { cancel() {} };
    },
    stream(_path, { deadline }, listener) {
      deadlines.push(deadline);
      process.nextTick(() => listener.onEnd(undefined, []));
      return { send: () => true, end() {}, cancel() {}, pause() {}, resume() {} };
    },
  };
  const timeouts = { "etcdserverpb.KV.Range": 0, "etcdserverpb.KV.RangeStream": 500_000 };
  const { kv } = createClient(services, noting, { timeouts: { unary: 100_000, rpcs: timeouts } });
  const begin = monotonicTime();
  await kv.put({});
  await kv.range({});
  await kv.range({}, { timeout: 200_000 });
  for await (const _ of kv.rangeStream({})) assert.fail();
  const limits = deadlines.map((deadline) => (deadline === undefined ? 0 : Math.floor((deadline - begin) / 50_000)));
  assert.deepEqual(limits, [2, 0, 4, 10]);
  // A call of an RPC without a limit may not share the connections of short calls, whatever its own limit.
  assert.deepEqual(isLong, [false, true, true]);
});

test("a time limit that is none is rejected", async () => {
  assert.throws(
    () => createClient(services, transport, { timeouts: { unary: -1 } }),
    /^TypeError: invalid timeouts.unary -1: /,
  );
  const rpcs = { "etcdserverpb.KV.Put": Number.NaN };
  assert.throws(
    () => createClient(services, transport, { timeouts: { rpcs } }),
    /invalid timeouts\.rpcs\["etcdserverpb.KV.Put"\] NaN/,
  );
  await assert.rejects(client.kv.range({}, { timeout: Number.NaN }), TypeError);
});

test("a signal cancels a call; if it was aborted before, none is made", async () => {
  let calls = 0;
  const controller = new AbortController();
  range = () => {
    calls += 1;
    controller.abort();
  };
  await assert.rejects(client.kv.range({}, { signal: controller.signal }), { code: Status.CANCELLED });
  assert.equal(calls, 1);

  const signal = AbortSignal.abort();
  await assert.rejects(client.kv.range({}, { signal }), { code: Status.CANCELLED });
  const stream = client.kv.rangeStream({ limit: 5n }, { signal });
  await assert.rejects(stream.next(), { code: Status.CANCELLED });
  assert.equal((await stream.next()).done, true);
  const watching = client.watch.watch({ signal });
  await watching.send({});
  await assert.rejects(watching[Symbol.asyncIterator]().next(), { code: Status.CANCELLED });
  range = (_, callback) => callback(null, RangeResponse.create());
  await client.kv.range({});
  assert.deepEqual([calls, canceled], [1, 0]);
});

test("a server stream is read with for await", async () => {
  const counts: (bigint | undefined)[] = [];
  for await (const { range_response } of client.kv.rangeStream({ limit: 100n })) counts.push(range_response?.count);
  assert.deepEqual(
    counts,
    Array.from({ length: 100 }, (_, i) => BigInt(i)),
  );
});

test("a server stream that fails rejects once, after what came before", async () => {
  rangeStream = (call) => {
    call.write(RangeStreamResponse.create());
    call.emit("error", { code: Status.OUT_OF_RANGE, details: "compacted" });
  };
  const stream = client.kv.rangeStream({});
  assert.equal((await stream.next()).done, false);
  await assert.rejects(stream.next(), { code: Status.OUT_OF_RANGE, message: "compacted" });
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});

test("leaving a loop cancels the call", async () => {
  for await (const _ of client.kv.rangeStream({ limit: 5_000n })) break;
  await until(() => canceled > 0, "the call is canceled");
});

test("a slow reader holds the server back", async () => {
  let written = 0;
  rangeStream = async (call) => {
    const message = RangeStreamResponse.create({
      range_response: RangeResponse.create({ kvs: [keyValue(Buffer.alloc(64 * 1024))] }),
    });
    for (; written < 500; written++)
      if (!call.write(message)) await new Promise((resolve) => call.once("drain", resolve));
    call.end();
  };
  const stream = client.kv.rangeStream({});
  await stream.next();
  await stream.next();
  let before = -1;
  while (before !== written) {
    before = written;
    await delay(50);
  }
  assert.ok(written < 50, `${written} messages were sent to a reader of 2`);
  let rest = 0;
  for await (const _ of stream) rest += 1;
  assert.equal(rest, 498);
});

function keyValue(value: Buffer): KeyValue {
  return { key: Buffer.from("k"), value, lease: 0n, create_revision: 1n, mod_revision: 1n, version: 1n };
}

test("a bidirectional stream sends and receives at once, until it is ended", async () => {
  const stream = client.watch.watch();
  const ids: bigint[] = [];
  await stream.send({ request_union: { $case: "cancel_request", value: { watch_id: 1n } } });
  for await (const { watch_id } of stream) {
    ids.push(watch_id);
    const next = watch_id + 1n;
    if (next > 5n) stream.end();
    else await stream.send({ request_union: { $case: "cancel_request", value: { watch_id: next } } });
  }
  assert.deepEqual(ids, [1n, 2n, 3n, 4n, 5n]);
  await stream.send({});
});

test("cancel ends a bidirectional stream", async () => {
  const stream = client.watch.watch();
  await stream.send({});
  const iterator = stream[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).done, false);
  const pending = iterator.next();
  stream.cancel();
  await assert.rejects(Promise.resolve(pending), { code: Status.CANCELLED });
  await until(() => canceled > 0, "the call is canceled");
});

test("send waits for a server that does not read", async () => {
  let read = (): void => assert.fail("the server has no call");
  watchAll = (call) => {
    call.pause();
    read = () => {
      call.on("data", () => {});
      call.on("end", () => call.end());
      call.resume();
    };
  };
  const stream = client.watch.watch();
  const key = Buffer.alloc(32 * 1024);
  let sent = 0;
  const sending = (async () => {
    for (; sent < 100; sent++) {
      await stream.send({ request_union: { $case: "create_request", value: createRequest(key) } });
    }
  })();
  // Until no more is taken. What does not wait would be done by then.
  for (let before = -1; before !== sent; await delay(100)) before = sent;
  assert.ok(sent < 100, "no send waits");
  read();
  await sending;
  stream.end();
  for await (const _ of stream) assert.fail();
});

function createRequest(key: Buffer): WatchCreateRequest {
  return {
    key,
    range_end: Buffer.alloc(0),
    start_revision: 0n,
    progress_notify: false,
    filters: [],
    prev_kv: false,
    watch_id: 0n,
    fragment: false,
  };
}

test("a client stream has one response", async () => {
  const call = client.sum.sum();
  for (let i = 1n; i <= 10n; i++) await call.send({ limit: i });
  call.end();
  assert.equal((await call.response).count, 55n);
});

test("a client stream that is canceled rejects", async () => {
  const call = client.sum.sum();
  await call.send({ limit: 1n });
  call.cancel();
  await assert.rejects(call.response, { code: Status.CANCELLED });
  const ignored = client.sum.sum();
  ignored.cancel();
  // A rejection that nobody handles must not end the process.
  await delay(20);
});

test("a response that is no such message is INTERNAL", async () => {
  const broken = {
    ...kv.rpcs.range,
    method: {
      ...KVService.range,
      responseDeserialize: (): RangeResponse => {
        throw new RangeError("index out of range");
      },
    },
  };
  const other = createClient({ kv: { name: "etcdserverpb.KV", rpcs: { range: broken } } }, transport);
  await assert.rejects(other.kv.range({}), {
    code: Status.INTERNAL,
    message: /the response does not fit the message type/,
  });
});
