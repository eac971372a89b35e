import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  CompactedError,
  Compare_CompareTarget,
  callJson,
  Event_EventType,
  etcdChannel,
  etcdClient,
  keepAlive,
  prefixEnd,
  RpcError,
  socketJson,
  streamJson,
  type WatchNotice,
  watch,
} from "etcd-gateway/client";
import { WebSocket } from "ws";
import { until } from "../../until.js";
import { HTTP_APIS, type HttpApi } from "./http-apis.js";

for (const [name, start] of Object.entries(HTTP_APIS)) {
  describe(`etcd's client, with ${name}`, () => {
    let api: HttpApi;
    let etcd: ReturnType<typeof etcdClient<false>>;
    let text: ReturnType<typeof etcdClient<true>>;
    before(async () => {
      api = await start();
      etcd = etcdClient({ baseUrl: api.baseUrl });
      text = etcdClient({ baseUrl: `${api.baseUrl}/`, text: true });
    });
    after(() => api?.stop());

    test("has what it put, to the byte and the digit", async () => {
      const value = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const { header } = await etcd.kv.put({ key: "bytes", value });
      assert.equal(typeof header?.revision, "bigint");
      const { kvs, count, more } = await etcd.kv.range({ key: new TextEncoder().encode("bytes") });
      assert.deepEqual(kvs, [
        {
          key: new TextEncoder().encode("bytes"),
          value,
          create_revision: header?.revision,
          mod_revision: header?.revision,
          version: 1n,
          lease: 0n,
        },
      ]);
      assert.deepEqual([count, more], [1n, false]);
      assert.ok((header?.cluster_id ?? 0n) > 2n ** 53n, "an id that no double holds");
      const members = await etcd.cluster.memberList({});
      assert.equal(members.header?.cluster_id, header?.cluster_id);
    });

    test("gives text for bytes where they are, and bytes where they are not", async () => {
      await text.kv.put({ key: "text/a", value: "\ufeffGrüße \0 😀" });
      await text.kv.put({ key: "text/b", value: Uint8Array.of(0xff, 0) });
      const range = { key: "text/", range_end: prefixEnd("text/") };
      const { kvs } = await text.kv.range(range);
      assert.deepEqual(
        kvs.map(({ key, value }) => [key, value]),
        [
          ["text/a", "\ufeffGrüße \0 😀"],
          ["text/b", Uint8Array.of(0xff, 0)],
        ],
      );
      assert.deepEqual((await text.kv.range(range, { text: false })).kvs[1]?.key, new TextEncoder().encode("text/b"));
      assert.equal((await etcd.kv.range(range, { text: true })).kvs[1]?.key, "text/b");
    });

    test("does a transaction", async () => {
      await etcd.kv.put({ key: "txn", value: "1" });
      const { succeeded, responses } = await text.kv.txn({
        compare: [{ key: "txn", target: Compare_CompareTarget.VALUE, target_union: { $case: "value", value: "1" } }],
        success: [
          { request: { $case: "request_put", value: { key: "txn", value: "2", prev_kv: true } } },
          { request: { $case: "request_range", value: { key: "txn" } } },
        ],
      });
      assert.equal(succeeded, true);
      const [put, range] = responses.map(({ response }) => response);
      assert.ok(put?.$case === "response_put" && range?.$case === "response_range");
      assert.equal(put.value.prev_kv?.value, "1");
      assert.equal(range.value.kvs[0]?.value, "2");
    });

    test("tells an error with its code, its status, its message and the RPC", async () => {
      await assert.rejects(etcd.lease.leaseRevoke({ ID: 2n ** 62n }), (error) => {
        assert.ok(error instanceof RpcError);
        const { code, codeName, httpStatus, message, rawMessage, rpc, details } = error;
        assert.deepEqual([code, codeName, httpStatus, details], [5, "NOT_FOUND", 404, []]);
        assert.equal(rawMessage, "etcdserver: requested lease not found");
        assert.equal(rpc, "etcdserverpb.Lease.LeaseRevoke");
        assert.equal(message, `${rpc}: ${rawMessage}`);
        return true;
      });
    });

    test("rejects a value that is not a request before anything is sent", async () => {
      for (const [request, message] of [
        [{ limit: 5 }, "limit: expected a bigint, got 5"],
        [{ limit: 2n ** 63n }, "limit: expected an int64, got 9223372036854775808n"],
        [{ kee: "a" }, 'unknown field "kee"'],
        [{ key: "\ud800" }, "key: the string has a lone surrogate, which UTF-8 cannot encode"],
        [{ sort_order: "ASCEND" }, /^sort_order: expected a number of the enum: one of 0 \(NONE\), 1 \(ASCEND\)/],
      ] as const) {
        await assert.rejects(etcd.kv.range(request as object), ({ code, rawMessage }: RpcError) => {
          assert.equal(code, 3);
          const why = rawMessage.replace("the request cannot be sent: ", "");
          if (typeof message === "string") assert.equal(why, message);
          else assert.match(why, message);
          return true;
        });
      }
    });

    test("watches until the loop is left", async () => {
      const seen: unknown[] = [];
      const request = { key: "watched/", range_end: prefixEnd("watched/"), prev_kv: true };
      for await (const notice of watch(text.watch, request)) {
        if (notice.type === "created") {
          await text.kv.put({ key: "watched/a", value: "1" });
          await text.kv.deleteRange({ key: "watched/a" });
        }
        if (notice.type !== "events") continue;
        for (const { type, kv, prev_kv } of notice.events) seen.push([type, kv?.key, kv?.value, prev_kv?.value]);
        if (seen.length === 2) break;
      }
      assert.deepEqual(seen, [
        [Event_EventType.PUT, "watched/a", "1", undefined],
        [Event_EventType.DELETE, "watched/a", "", "1"],
      ]);
      await untilNoWatchers(api);
    });

    test("ends a watch whose signal is aborted, and one on what has been compacted", async () => {
      const controller = new AbortController();
      const types: string[] = [];
      for await (const { type } of watch(etcd.watch, { key: "x" }, { signal: controller.signal })) {
        types.push(type);
        controller.abort();
      }
      assert.deepEqual(types, ["created"]);
      const { header } = await etcd.kv.put({ key: "x", value: "2" });
      const revision = header?.revision ?? 0n;
      await etcd.kv.compact({ revision });
      const notices: WatchNotice[] = [];
      await assert.rejects(
        async () => {
          for await (const notice of watch(etcd.watch, { key: "x", start_revision: 1n })) notices.push(notice);
        },
        ({ code, rawMessage, ...error }: RpcError) => {
          assert.deepEqual([code, rawMessage], [11, "etcdserver: mvcc: required revision has been compacted"]);
          if (error instanceof CompactedError) assert.equal(error.compactRevision, revision);
          return true;
        },
      );
      await untilNoWatchers(api);
    });

    test("says why etcd does not begin a watch", async () => {
      await assert.rejects(watch(etcd.watch, { key: "b", range_end: "a" }).next(), {
        code: 3,
        rawMessage: "mvcc: watcher range is empty",
      });
    });

    test("keeps a lease until it is told to stop", async () => {
      const { ID } = await etcd.lease.leaseGrant({ TTL: 60n });
      const controller = new AbortController();
      const ttls: bigint[] = [];
      await keepAlive(etcd.lease, ID, {
        signal: controller.signal,
        onRenewed(ttl) {
          ttls.push(ttl);
          controller.abort();
        },
      });
      assert.deepEqual(ttls, [60n]);
      await etcd.lease.leaseRevoke({ ID });
      for (const missing of [{}, undefined] as unknown[]) {
        const options = missing as { readonly signal: AbortSignal };
        await assert.rejects(keepAlive(etcd.lease, ID, options), {
          name: "TypeError",
          message: "signal: expected the AbortSignal that stops the renewals: keepAlive(lease, id, { signal })",
        });
      }
      await assert.rejects(keepAlive(etcd.lease, ID, { signal: new AbortController().signal }), { code: 5 });
    });

    test("calls with JSON as it is", async () => {
      const channel = etcdChannel({ baseUrl: api.baseUrl });
      await etcd.kv.put({ key: "json", value: "1" });
      const request = { method: "POST", path: "/v3/kv/range", body: '{"key":"anNvbg=="}' };
      assert.match(await callJson(channel, request), /"value":"MQ=="/);
      const watching = streamJson(channel, {
        method: "POST",
        path: "/v3/watch",
        body: '{"create_request":{"key":"anNvbg=="}}',
      });
      const { value } = await watching.next();
      assert.equal(JSON.parse(value ?? "").created, true);
      await watching.return?.();
      await assert.rejects(callJson(channel, { ...request, body: "{" }), { code: 3, rpc: "POST /v3/kv/range" });
      await untilNoWatchers(api);
    });

    test("calls with JSON over WebSocket, one message after another", async () => {
      const call = socketJson(etcdChannel({ baseUrl: api.baseUrl, WebSocket }), { path: "/v3/watch" });
      const responses = call[Symbol.asyncIterator]();
      const next = async (): Promise<unknown> => JSON.parse((await responses.next()).value ?? "");
      await call.send('{"create_request":{"key":"anNvbg=="}}');
      assert.equal(Object(await next()).created, true);
      await call.send("");
      await call.send('{"cancel_request":{"watch_id":"0"}}');
      assert.equal(Object(await next()).canceled, true);
      call.cancel();
      await assert.rejects(responses.next(), { code: 1, rpc: "/v3/watch" });
    });
  });
}

/** Waits until the server has seen that nobody watches any more. */
async function untilNoWatchers({ etcd }: HttpApi): Promise<void> {
  const count = async () => (await etcd.metrics()).get("etcd_debugging_mvcc_watcher_total");
  await until(async () => (await count()) === 0, "nobody watches");
}
