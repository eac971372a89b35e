import assert from "node:assert/strict";
import { test } from "node:test";
import { WatchResponse } from "etcd-gateway/generated";
import fc from "fast-check";
import {
  countEvents,
  dropEvents,
  isStreamProgress,
  readWatchResponse,
} from "../../../../runtime/etcd/streams/watch/watch-response.js";

const int64 = fc.oneof(fc.constantFrom(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)), fc.bigInt({ min: 0n, max: 2n ** 40n }));
const event = fc.record({
  kv: fc.record({
    key: fc.uint8Array({ maxLength: 4 }),
    mod_revision: int64,
    value: fc.uint8Array({ maxLength: 200 }),
  }),
  prev_kv: fc.option(fc.record({ mod_revision: int64 }), { nil: undefined }),
});
const response = fc
  .record({
    header: fc.option(fc.record({ cluster_id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), revision: int64 }), {
      nil: undefined,
    }),
    watch_id: int64,
    created: fc.boolean(),
    canceled: fc.boolean(),
    compact_revision: int64,
    cancel_reason: fc.string(),
    fragment: fc.boolean(),
    events: fc.array(event, { maxLength: 5 }),
  })
  .map((fields) => WatchResponse.fromPartial(fields));
/** Fields that a later etcd may have: one of each wire type. */
const UNKNOWN = Buffer.from("f80101f9010000000000000000fa010161fd0100000000", "hex");

test("what is read of a response is what is in it, next to fields of later versions too", () => {
  fc.assert(
    fc.property(response, fc.boolean(), (message, isLater) => {
      const wire = WatchResponse.encode(message).finish();
      const news = readWatchResponse(isLater ? Buffer.concat([UNKNOWN, wire, UNKNOWN]) : wire);
      const { header, ...rest } = news;
      assert.deepEqual(rest, {
        watchId: message.watch_id,
        headerRevision: message.header?.revision ?? 0n,
        created: message.created,
        canceled: message.canceled || message.compact_revision !== 0n,
        compactRevision: message.compact_revision,
        cancelReason: message.cancel_reason,
        fragment: message.fragment,
        lastRevision: message.events.at(-1)?.kv?.mod_revision,
      });
      if (message.created && message.header !== undefined) {
        assert.deepEqual(WatchResponse.decode(Buffer.from([10, header.length, ...header])).header, message.header);
      }
    }),
  );
});

test("progress of the stream has the id -1, and no events; it creates and cancels nothing", () => {
  const isProgress = (fields: Parameters<typeof WatchResponse.fromPartial>[0]): boolean =>
    isStreamProgress(readWatchResponse(Buffer.from(WatchResponse.encode(WatchResponse.fromPartial(fields)).finish())));
  const progress = { header: { revision: 7n }, watch_id: -1n };
  assert.equal(isProgress(progress), true);
  assert.equal(isProgress({ ...progress, watch_id: 0n }), false);
  assert.equal(isProgress({ ...progress, created: true }), false);
  assert.equal(isProgress({ ...progress, canceled: true }), false);
  assert.equal(isProgress({ ...progress, compact_revision: 5n }), false);
  assert.equal(isProgress({ ...progress, events: [{ kv: { mod_revision: 6n } }] }), false);
});

test("bytes that are no message are an error or are read, and nothing else happens", () => {
  const cut = fc.tuple(response, fc.nat()).map(([message, length]) => {
    const wire = WatchResponse.encode(message).finish();
    return wire.subarray(0, length % (wire.length + 1));
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), cut), (bytes) => {
      try {
        readWatchResponse(bytes);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("the first events of a revision are dropped, and all else stays", () => {
  fc.assert(
    fc.property(response, fc.nat(3), (message, most) => {
      const revision = message.events[0]?.kv?.mod_revision ?? 0n;
      const wire = WatchResponse.encode(message).finish();
      const { message: rest, dropped, left } = dropEvents(wire, revision, most);
      const isOfIt = ({ kv }: (typeof message.events)[number]) => kv?.mod_revision === revision;
      assert.equal(countEvents(wire, revision), message.events.filter(isOfIt).length);
      assert.equal(dropped, Math.min(most, message.events.filter(isOfIt).length));
      let toDrop = most;
      const events = message.events.filter((each) => !(isOfIt(each) && toDrop-- > 0));
      assert.deepEqual(rest, Buffer.from(WatchResponse.encode({ ...message, events }).finish()));
      assert.equal(left, events.length);
    }),
  );
});
