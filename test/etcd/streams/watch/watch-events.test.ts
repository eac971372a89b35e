import assert from "node:assert/strict";
import { test } from "node:test";
import { WatchRequest, WatchResponse } from "../../../../generated/messages/etcd/api/etcdserverpb/rpc.js";
import { watchEvents } from "../../../../runtime/etcd/streams/watch/watch-events.js";

type Create = Parameters<typeof createRequest>[0];
type Response = Parameters<typeof WatchResponse.fromPartial>[0];

function createRequest(value: {
  start_revision?: bigint;
  watch_id?: bigint;
  key?: Uint8Array;
  prev_kv?: boolean;
}): WatchRequest {
  return WatchRequest.fromPartial({ request_union: { $case: "create_request", value } });
}

/** The `start_revision` that reaches etcd. */
function startOf(wire: Uint8Array): bigint | undefined {
  const { request_union } = WatchRequest.decode(wire);
  return request_union?.$case === "create_request" ? request_union.value.start_revision : undefined;
}

/** A stream whose one watch was created by `create`. */
function watching(create: Create, last?: string) {
  const events = watchEvents(last);
  const sent = events.request(WatchRequest.encode(createRequest(create)).finish());
  return {
    start: startOf(sent),
    events,
    id: (response: Response) => events.id(encode(response)),
  };
}

function encode(response: Response): Buffer {
  return Buffer.from(WatchResponse.encode(WatchResponse.fromPartial(response)).finish());
}

const header = (revision: bigint) => ({ revision });
const events = (...revisions: bigint[]) => revisions.map((mod_revision) => ({ kv: { mod_revision } }));

test("an event's id is its own revision, not that of the store", () => {
  const { id } = watching({});
  assert.equal(id({ header: header(9n), events: events(4n, 5n, 5n) }), "5");
  assert.equal(id({ header: header(9n), events: events(7n) }), "7");
});

test("a watch from now on begins behind the revision at which it was created", () => {
  const fromNegative = watching({ start_revision: -1n });
  assert.equal(fromNegative.id({ header: header(41n), created: true }), "41");
  const { id } = watching({});
  assert.equal(id({ header: header(41n), created: true }), "41");
  assert.equal(id({ header: header(42n), events: events(42n) }), "42");
});

test("a watch from a revision on has no id until there is an event", () => {
  const { id, start } = watching({ start_revision: 30n });
  assert.equal(start, 30n);
  assert.equal(id({ header: header(41n), created: true }), undefined);
  assert.equal(id({ header: header(41n), events: events(31n) }), "31");
});

test("a client that comes back gets what follows its last event", () => {
  const { id, start } = watching({ start_revision: 3n }, "41");
  assert.equal(start, 42n);
  assert.equal(id({ header: header(50n), created: true }), undefined);
  assert.equal(id({ header: header(50n), events: events(43n) }), "43");
  assert.equal(watching({}, "0").start, 1n);
  assert.equal(watching({}, "9223372036854775806").start, 9223372036854775807n);
  assert.equal(watching({ start_revision: 100n }, "41").start, 100n, "it never wanted what was before");
});

test("what else the request says stays", () => {
  const create = { key: Uint8Array.of(107), watch_id: 7n, prev_kv: true };
  const wire = watchEvents("41").request(WatchRequest.encode(createRequest(create)).finish());
  assert.deepEqual(WatchRequest.decode(wire), createRequest({ ...create, start_revision: 42n }));
});

test("the fragments of a revision have its id together", () => {
  const { id } = watching({});
  assert.equal(id({ header: header(9n), events: events(5n, 6n), fragment: true }), undefined);
  assert.equal(id({ header: header(9n), events: events(6n), fragment: true }), undefined);
  assert.equal(id({ header: header(9n), events: events(6n) }), "6");
});

test("progress of the watch is an id, that of the stream is not", () => {
  const { id } = watching({});
  assert.equal(id({ header: header(50n) }), "50");
  assert.equal(id({ header: header(60n), watch_id: -1n }), undefined);
  assert.equal(id({ header: header(60n), events: events(55n), watch_id: -1n }), "55", "a watch of that name");
});

test("ids never go back: a member may be behind what the client has had from another", () => {
  const { id } = watching({}, "41");
  assert.equal(id({ header: header(30n) }), undefined);
  assert.equal(id({ header: header(41n) }), undefined);
  assert.equal(id({ header: header(42n) }), "42");
  assert.equal(id({ header: header(42n) }), undefined);
  const future = watching({ start_revision: 1000n });
  assert.equal(future.id({ header: header(500n) }), undefined);
});

test("a watch that has been canceled has no id to go on from", () => {
  const { id } = watching({});
  assert.equal(id({ header: header(9n), canceled: true, compact_revision: 5n }), undefined);
  assert.equal(id({ header: header(9n), compact_revision: 5n }), undefined, "as etcd 3.2 says it");
  assert.equal(id({ header: header(9n), created: true, canceled: true, watch_id: -1n }), undefined);
});

test("several watches on a stream have no ids, and take back those of the first", () => {
  const first = watching({}, "41");
  assert.equal(first.id({ header: header(50n), events: events(50n) }), "50");
  const second = WatchRequest.encode(createRequest({})).finish();
  assert.equal(first.events.request(second), second, "it is not the one that was interrupted");
  assert.equal(first.id({ header: header(51n), events: events(51n) }), "");
  assert.equal(first.id({ header: header(52n), watch_id: 1n, created: true }), "");
});

test("requests that create nothing pass", () => {
  const stream = watchEvents("41");
  const progress = WatchRequest.encode({ request_union: { $case: "progress_request", value: {} } }).finish();
  assert.equal(stream.request(progress), progress);
  assert.equal(stream.id(encode({ header: header(9n), watch_id: -1n })), "");
});

for (const id of ["x", "-1", "1.5", "1e3", " 1", "0x10", "9223372036854775807", "99999999999999999999"]) {
  test(`${JSON.stringify(id)} is not a revision to go on from`, () => {
    assert.throws(() => watchEvents(id), {
      name: "GatewayError",
      code: 3,
      message: /^invalid Last-Event-ID ".*": expected/,
    });
  });
}
