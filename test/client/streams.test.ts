import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { etcdClient, prefixEnd, type RpcError, watch } from "etcd-gateway/client";
import { WebSocket, WebSocketServer } from "ws";
import { type FaultProxy, startFaultProxy } from "../faults/proxy.js";
import { gatewayApi } from "./servers.js";

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

  test("a WebSocket tells the error of its call, and ends when it is cancelled", async () => {
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

describe("WebSockets", { timeout: 60_000 }, () => {
  const watchOf = (baseUrl: string, options = {}) =>
    etcdClient({ baseUrl, WebSocket, ...options })
      .watch.watch()
      [Symbol.asyncIterator]();

  test("are asked for where there are none", { skip: "WebSocket" in globalThis }, async () => {
    const watching = etcdClient({ baseUrl: "http://127.0.0.1:9" }).watch.watch();
    await assert.rejects(watching[Symbol.asyncIterator]().next(), ({ code, rawMessage }: RpcError) => {
      assert.equal(code, 12);
      assert.match(rawMessage, /^there is no WebSocket here.*Give the option WebSocket/);
      return true;
    });
  });

  test("tell how they ended by the close code, and by the last frame", async (t) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    t.after(() => server.close());
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const baseUrl = `http://127.0.0.1:${address.port}`;
    let act: (socket: WebSocket) => void = () => {};
    server.on("connection", (socket) => act(socket));
    const error = (given: object): string => JSON.stringify({ error: given });
    for (const [what, code, message] of [
      [(socket: WebSocket) => socket.close(4005, "gone"), 5, "gone"],
      [
        (socket: WebSocket) => {
          socket.send(error({ code: 5, message: "gone for good", details: [] }));
          socket.close(4005, "gone");
        },
        5,
        "gone for good",
      ],
      [(socket: WebSocket) => socket.close(1009, "big"), 8, "big"],
      [(socket: WebSocket) => socket.close(1011), 14, "the WebSocket was refused or broke off (1011)"],
      [(socket: WebSocket) => socket.terminate(), 14, "the WebSocket was refused or broke off (1006)"],
      [(socket: WebSocket) => socket.send("{"), 14, "the stream broke off within a message"],
    ] as const) {
      act = what;
      await assert.rejects(watchOf(baseUrl).next(), { code, rawMessage: message });
    }
    act = (socket) => socket.close(1000);
    assert.deepEqual(await watchOf(baseUrl).next(), { done: true, value: undefined });
  });

  test("keep no more unread than they may, and pause where they can", async (t) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    t.after(() => server.close());
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const baseUrl = `http://127.0.0.1:${address.port}`;
    const frame = JSON.stringify({ result: { created: true, cancel_reason: "x".repeat(100_000) } });
    server.on("connection", (socket) => {
      for (let i = 0; i < 200; i++) socket.send(frame);
      socket.close(1000);
    });
    class Unpausable extends WebSocket {
      override pause(): void {}
    }
    const small = watchOf(baseUrl, { WebSocket: Unpausable, receiveBuffer: 1_000_000 });
    await assert.rejects(
      async () => {
        // Nobody reads until it is over.
        await once(server, "connection").then(([socket]) => once(socket, "close"));
        for (;;) if ((await small.next()).done === true) break;
      },
      { code: 8 },
    );
    let count = 0;
    const paused = watchOf(baseUrl, { receiveBuffer: 3_000_000 });
    for (;;) {
      if ((await paused.next()).done === true) break;
      count += 1;
    }
    assert.equal(count, 200);
  });
});
