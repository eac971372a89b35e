import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, type TestContext, test } from "node:test";
import { etcdClient, keepAlive, prefixEnd, watch } from "etcd-gateway/client";
import { WebSocket } from "ws";
import { type FaultProxy, startFaultProxy } from "../../faults/proxy.js";
import { listen } from "../../http/listen.js";
import { urlOf } from "../../server-address.js";
import { gatewayApi } from "./http-apis.js";

/** What a proxy responds by itself. */
interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** By default a page. */
  readonly body?: string;
}

describe("etcd's streams, over connections that break", { timeout: 120_000 }, () => {
  let api: Awaited<ReturnType<typeof gatewayApi>>;
  let proxy: FaultProxy;
  let direct: ReturnType<typeof etcdClient<true>>;
  let etcd: ReturnType<typeof etcdClient<true>>;
  before(async () => {
    api = await gatewayApi();
    proxy = await startFaultProxy(Number(new URL(api.baseUrl).port));
    direct = etcdClient({ baseUrl: api.baseUrl, text: true, WebSocket });
    etcd = etcdClient({ baseUrl: `http://${proxy.endpoint}/etcd`, text: true, WebSocket });
  });
  after(async () => {
    await proxy?.stop();
    await api?.stop();
  });

  test("a watch goes on where it was: every event once and in order, and it says so", async () => {
    const types: string[] = [];
    const values: (string | Uint8Array | undefined)[] = [];
    let written = 0;
    const write = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await direct.kv.put({ key: `order/${written % 3}`, value: String(written++) });
    };
    const request = { key: "order/", range_end: prefixEnd("order/"), fragment: true };
    let resumed = 0;
    for await (const notice of watch(etcd.watch, request)) {
      types.push(notice.type);
      if (notice.type === "resumed") resumed += 1;
      if (notice.type === "created") {
        // Before there is any event: what is put now comes when the watch is back.
        proxy.reset();
        await write(20);
      }
      if (notice.type !== "events") continue;
      for (const { kv } of notice.events) values.push(kv?.value);
      if (values.length < written) continue;
      if (resumed > 4) break;
      await write(10);
      proxy.reset();
      await write(10);
    }
    assert.deepEqual(
      values,
      Array.from({ length: values.length }, (_, i) => String(i)),
    );
    assert.deepEqual([values.length, resumed, types[0]], [written, 5, "created"]);
    assert.equal(types.filter((type) => type === "lost").length, 5);
  });

  test("a watch that never began fails at once, and one whose past is compacted meanwhile says so", async () => {
    proxy.mode = "drop";
    await assert.rejects(watch(etcd.watch, { key: "x" }).next(), { code: 14 });
    proxy.mode = "pass";
    const notices: string[] = [];
    await assert.rejects(
      async () => {
        for await (const notice of watch(etcd.watch, { key: "gone" })) {
          notices.push(notice.type);
          if (notice.type !== "created") continue;
          proxy.mode = "drop";
          proxy.reset();
          await direct.kv.put({ key: "gone", value: "1" });
          const { header } = await direct.kv.put({ key: "gone", value: "2" });
          await direct.kv.compact({ revision: header?.revision ?? 0n });
          proxy.mode = "pass";
        }
      },
      { code: 11 },
    );
    assert.deepEqual(notices, ["created", "lost"]);
  });

  test("a watch does not go on on another cluster", async () => {
    const other = await gatewayApi();
    const notices: string[] = [];
    try {
      await assert.rejects(
        async () => {
          for await (const notice of watch(etcd.watch, { key: "k" })) {
            notices.push(notice.type);
            proxy.target(Number(new URL(other.baseUrl).port));
            proxy.reset();
          }
        },
        { code: 11, message: /etcd is another cluster than before: read the keys again/ },
      );
    } finally {
      proxy.target(Number(new URL(api.baseUrl).port));
      proxy.reset();
      await other.stop();
    }
    assert.deepEqual(notices, ["created", "lost"]);
  });

  /** The gateway behind a proxy that gives some responses of its own before it passes requests on again. */
  async function flaky(t: TestContext): Promise<{ etcd: typeof etcd; fail(...answers: readonly Answer[]): void }> {
    const own: Answer[] = [];
    const server = createServer((req, res) => {
      const answer = own.shift();
      if (answer === undefined) api.gateway.router(req, res);
      else res.writeHead(answer.status, answer.headers).end(answer.body ?? "<h1>Sorry</h1>");
    });
    await listen(t, server);
    return {
      etcd: etcdClient({ baseUrl: urlOf(server), text: true }),
      fail(...answers) {
        own.push(...answers);
        server.closeAllConnections();
      },
    };
  }

  const HTML = { "content-type": "text/html" };
  const passing: readonly Answer[] = [
    ...[500, 502, 503, 504, 520].map((status) => ({ status, headers: HTML })),
    { status: 503, headers: { "retry-after": "0" } },
    { status: 429 },
    { status: 500, body: '{"code":13,"message":"internal"}' },
    { status: 500, body: '{"code":2,"message":"unknown"}' },
    { status: 503, body: '{"code":14,"message":"no endpoint is reachable"}' },
    { status: 504, body: '{"code":4,"message":"deadline exceeded"}' },
    { status: 429, body: '{"code":8,"message":"too many requests"}' },
    { status: 200, body: '{"error":{"grpc_code":13,"http_code":500,"message":"stream terminated"}}' },
  ];
  for (const answer of passing) {
    test(`a watch that has begun outlives the response ${answer.status} ${answer.body ?? "of a proxy"}`, async (t) => {
      const { etcd, fail } = await flaky(t);
      const types: string[] = [];
      for await (const notice of watch(etcd.watch, { key: "flaky" })) {
        types.push(notice.type);
        if (notice.type === "created") {
          await direct.kv.put({ key: "flaky", value: String(answer.status) });
        } else if (notice.type === "events" && types.length === 2) {
          fail(answer, answer);
          await direct.kv.put({ key: "flaky", value: "after" });
        } else if (notice.type === "events") break;
      }
      assert.deepEqual(types, ["created", "events", "lost", "resumed", "events"]);
    });
  }

  for (const [code, answer] of [
    [3, { status: 400, body: '{"code":3,"message":"bad"}' }],
    [16, { status: 401, body: '{"code":16,"message":"etcdserver: invalid auth token"}' }],
    [7, { status: 403, headers: HTML }],
    [12, { status: 404, headers: HTML }],
    [11, { status: 400, body: '{"code":11,"message":"etcdserver: mvcc: required revision has been compacted"}' }],
    [12, { status: 501, body: '{"code":12,"message":"unknown method"}' }],
  ] as const) {
    test(`a watch that has begun ends with the response ${answer.status}, code ${code}`, async (t) => {
      const { etcd, fail } = await flaky(t);
      const notices = watch(etcd.watch, { key: "flaky" });
      assert.equal((await notices.next()).value?.type, "created");
      fail(answer);
      assert.equal((await notices.next()).value?.type, "lost");
      await assert.rejects(notices.next(), { code });
    });
  }

  test("a lease is kept through what a proxy says for a while", async (t) => {
    const { etcd, fail } = await flaky(t);
    const { ID } = await direct.lease.leaseGrant({ TTL: 6n });
    const stop = new AbortController();
    let renewed = 0;
    const kept = keepAlive(etcd.lease, ID, {
      signal: stop.signal,
      onRenewed() {
        renewed += 1;
        if (renewed === 1) fail({ status: 500, headers: HTML }, { status: 504, body: '{"code":4,"message":"late"}' });
        else stop.abort();
      },
    });
    await kept;
    assert.equal(renewed, 2);
    await direct.lease.leaseRevoke({ ID });
  });

  test("a large transaction in fragments comes whole, though the connection breaks between them", async () => {
    const value = "x".repeat(1_000_000);
    let resets = 0;
    const seen: unknown[] = [];
    const request = { key: "large/", range_end: prefixEnd("large/"), fragment: true };
    for await (const notice of watch(etcd.watch, request)) {
      if (notice.type === "created") {
        const keys = ["a", "b", "c", "d"].map((name) => ({ key: `large/${name}`, value: value.slice(0, 350_000) }));
        await direct.kv.txn({ success: keys.map((put) => ({ request: { $case: "request_put", value: put } })) });
      }
      if (notice.type === "events") {
        for (const { kv } of notice.events) seen.push(kv?.key);
        if (resets++ === 0) proxy.reset();
        if (seen.length >= 4) break;
      }
    }
    assert.deepEqual(seen, ["large/a", "large/b", "large/c", "large/d"]);
  });

  test("a WebSocket carries both sides of a stream, and its break is told", async () => {
    const watching = etcd.watch.watch();
    await watching.send({ request_union: { $case: "create_request", value: { key: "ws" } } });
    const responses = watching[Symbol.asyncIterator]();
    assert.equal((await responses.next()).value?.created, true);
    await direct.kv.put({ key: "ws", value: "1" });
    assert.equal((await responses.next()).value?.events[0]?.kv?.value, "1");
    const next = responses.next();
    proxy.reset();
    await assert.rejects(next, { code: 14, rpc: "etcdserverpb.Watch.Watch" });
    await watching.send({ request_union: { $case: "progress_request", value: {} } });
    assert.equal((await responses.next()).done, true);
  });

  test("a WebSocket tells the error of its call, and ends when it is canceled", async () => {
    const lost = direct.watch.watch();
    const responses = lost[Symbol.asyncIterator]();
    await lost.send({ request_union: { $case: "create_request", value: { key: "ws" } } });
    await responses.next();
    lost.cancel();
    await assert.rejects(responses.next(), { code: 1 });
    const controller = new AbortController();
    const aborted = direct.lease.leaseKeepAlive({ signal: controller.signal })[Symbol.asyncIterator]().next();
    controller.abort();
    await assert.rejects(aborted, { code: 1 });
    const late = direct.lease.leaseKeepAlive({ timeout: 100 });
    await assert.rejects(late[Symbol.asyncIterator]().next(), { code: 4 });
    const kept = direct.lease.leaseKeepAlive();
    await kept.send({ ID: 7n });
    kept.end();
    const ttls: bigint[] = [];
    for await (const { TTL } of kept) ttls.push(TTL);
    assert.deepEqual(ttls, [0n]);
  });
});
