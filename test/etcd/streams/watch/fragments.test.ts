import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TxnRequest, WatchCreateRequest, WatchRequest, WatchResponse } from "etcd-gateway/generated";
import { ConnectionBroken } from "../../../../runtime/core/errors/connection-broken.js";
import { grpcTransport } from "../../../../runtime/core/transport/grpc-transport.js";
import type { StreamCall, Transport } from "../../../../runtime/core/transport/transport.js";
import { resumingTransport } from "../../../../runtime/etcd/streams/resuming-transport.js";
import { TEST_CHANNEL } from "../../../core/transport/channels.js";
import { callOptions, unary } from "../../../core/transport/recorded-calls.js";
import { ETCD_VERSIONS } from "../../../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../../../etcd-server/server.js";
import { until } from "../../../until.js";

const KEYS = 100;
const REVISIONS = 6;

for (const version of ETCD_VERSIONS) {
  describe(`large responses in fragments, from etcd ${version}`, () => {
    let etcd: EtcdServer;
    let transport: Transport;
    before(async () => {
      etcd = await startEtcd({ version });
      transport = grpcTransport({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint] });
    });
    after(async () => {
      transport.close();
      await etcd.stop();
    });

    test("a connection that breaks after each fragment loses and repeats no event", { timeout: 60_000 }, async () => {
      // Each of a megabyte: etcd's fragments, of two and less, end in the middle of a revision.
      for (let revision = 0; revision < REVISIONS; revision++) {
        const puts = Array.from({ length: KEYS }, (_, key) => ({
          request: {
            $case: "request_put" as const,
            value: { key: Buffer.from(`f/${key}`), value: Buffer.alloc(10_000) },
          },
        }));
        const request = TxnRequest.encode(TxnRequest.fromPartial({ success: puts })).finish();
        const { error } = await unary(transport, "/etcdserverpb.KV/Txn", request);
        assert.equal(error, undefined);
      }

      let cuts = 0;
      let inMidst = 0;
      const cutting: Transport = {
        unary: (...args) => transport.unary(...args),
        close: () => {},
        stream: (path, options, listener) => {
          let received = 0;
          const call: StreamCall = transport.stream(path, options, {
            onHeaders: (headers) => listener.onHeaders(headers),
            onDrain: () => listener.onDrain(),
            onMessage(message) {
              received += 1;
              if (received > 2) return;
              listener.onMessage(message);
              const { events, fragment } = WatchResponse.decode(message);
              if (received === 1 || !fragment) return;
              cuts += 1;
              if (events.length % KEYS !== 0) inMidst += 1;
              call.cancel();
            },
            onEnd: (error, trailers) => listener.onEnd(received === 2 ? new ConnectionBroken() : error, trailers),
          });
          return call;
        },
      };
      const seen: string[] = [];
      const call = resumingTransport(cutting, { timeout: 60_000, refusals: "message", maxWatches: 10_000 }).stream(
        "/etcdserverpb.Watch/Watch",
        callOptions({ deadline: undefined }),
        {
          onHeaders() {},
          onDrain() {},
          onEnd() {},
          onMessage(message) {
            for (const { kv } of WatchResponse.decode(message).events) {
              seen.push(`${kv?.mod_revision} ${Buffer.from(kv?.key ?? []).toString()}`);
            }
          },
        },
      );
      const create = { key: Buffer.from("f/"), range_end: Buffer.from("f0"), start_revision: 2n, fragment: true };
      const value = WatchCreateRequest.fromPartial(create);
      call.send(WatchRequest.encode({ request_union: { $case: "create_request", value } }).finish());
      await until(() => seen.length >= KEYS * REVISIONS, "all events arrive");
      call.cancel();

      const expected = Array.from({ length: KEYS * REVISIONS }, (_, n) => `${2 + Math.floor(n / KEYS)} f/${n % KEYS}`);
      assert.deepEqual(seen, expected);
      assert.ok(cuts >= 2 && inMidst >= 2, `${cuts} cuts, ${inMidst} within a revision`);
    });
  });
}
