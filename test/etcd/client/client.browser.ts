import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import express from "express";
import type { Browser } from "playwright-core";
import { startChromium } from "../../browser/chromium.js";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { urlOf } from "../../server-address.js";
import { bundleForPages } from "./bundle-for-pages.js";
import { openPage } from "./open-page.js";

/** The page's script: the client, bundled from the package, under a strict policy. */
const SCRIPT = `
  import * as client from "etcd-gateway/client";
  globalThis.client = client;
  globalThis.etcd = client.etcdClient({ baseUrl: "/etcd", text: true });
`;

describe("the HTTP client in a browser", { timeout: 120_000 }, () => {
  let etcd: EtcdServer;
  let gateway: EtcdGateway;
  let server: Server;
  let browser: Browser;
  let run: Awaited<ReturnType<typeof openPage>>;
  const sockets = new Set<Socket>();

  before(async () => {
    const script = await bundleForPages(SCRIPT);
    browser = await startChromium();
    etcd = await startEtcd();
    gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint] });
    const app = express();
    app.use((_req, res, next) => {
      res.setHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'");
      next();
    });
    app.get("/", (_req, res) => {
      res.type("html").send('<!doctype html><meta charset="utf-8"><script src="/script.js"></script>');
    });
    app.get("/script.js", (_req, res) => {
      res.type("js").send(script);
    });
    app.use("/etcd", gateway.router);
    server = app.listen(0, "127.0.0.1");
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    gateway.handleUpgrades(server);
    await once(server, "listening");
    run = await openPage(browser, urlOf(server));
  });

  after(async () => {
    await browser?.close();
    server?.close();
    await gateway?.close(0);
    server?.closeAllConnections();
    await etcd?.stop();
  });

  test("puts, gets, and has errors told", async () => {
    assert.deepEqual(
      await run(`
        await etcd.kv.put({ key: "a", value: "Grüße" });
        const { kvs, header } = await etcd.kv.range({ key: "a" });
        const error = await etcd.lease.leaseRevoke({ ID: 2n ** 62n }).catch((error) => error);
        return [kvs[0].value, typeof header.revision, error instanceof client.RpcError, error.codeName, error.httpStatus];
      `),
      ["Grüße", "bigint", true, "NOT_FOUND", 404],
    );
  });

  test("watches over HTTP, through connections that are cut", async () => {
    await run(`
      globalThis.notices = [];
      globalThis.values = [];
      globalThis.left = (async () => {
        const request = { key: "w/", range_end: client.prefixEnd("w/") };
        for await (const notice of client.watch(etcd.watch, request)) {
          notices.push(notice.type);
          if (notice.type === "events") for (const { kv } of notice.events) values.push(kv.value);
          if (values.at(-1) === "last") break;
        }
      })();
    `);
    // The page's policy forbids Playwright's own way to wait.
    const until = async (condition: string): Promise<void> => {
      while ((await run(`return ${condition};`)) !== true);
    };
    await until("notices.includes('created')");
    for (let cuts = 1; cuts <= 3; cuts++) {
      await run(`for (const i of [1, 2, 3]) await etcd.kv.put({ key: "w/" + i, value: "${cuts}" + i });`);
      await until(`values.length === ${cuts * 3}`);
      for (const socket of sockets) socket.destroy();
      await until(`notices.filter((type) => type === "resumed").length === ${cuts}`);
    }
    assert.deepEqual(await run(`await etcd.kv.put({ key: "w/", value: "last" }); await left; return values;`), [
      "11",
      "12",
      "13",
      "21",
      "22",
      "23",
      "31",
      "32",
      "33",
      "last",
    ]);
  });

  test("streams requests over its WebSocket", async () => {
    assert.deepEqual(
      await run(`
        const watching = etcd.watch.watch();
        const responses = watching[Symbol.asyncIterator]();
        await watching.send({ request_union: { $case: "create_request", value: { key: "s" } } });
        const { value: created } = await responses.next();
        await etcd.kv.put({ key: "s", value: "1" });
        const { value } = await responses.next();
        watching.cancel();
        const error = await responses.next().catch((error) => error);
        const kept = etcd.lease.leaseKeepAlive();
        await kept.send({ ID: 7n });
        kept.end();
        const ttls = [];
        for await (const { TTL } of kept) ttls.push(String(TTL));
        return [created.created, value.events[0].kv.value, error.codeName, ttls];
      `),
      [true, "1", "CANCELLED", ["0"]],
    );
  });

  test("is aborted, and meets its deadline", async () => {
    assert.deepEqual(
      await run(`
        const failed = (call) => call.then(() => "no error", (error) => error.codeName);
        const controller = new AbortController();
        const lock = etcd.lock.lock({ name: "l" });
        const { key } = await lock;
        const waiting = failed(etcd.lock.lock({ name: "l" }, { signal: controller.signal }));
        const late = failed(etcd.lock.lock({ name: "l" }, { timeout: 300 }));
        const lateError = await late;
        controller.abort();
        const results = [await waiting, lateError];
        await etcd.lock.unlock({ key });
        return results;
      `),
      ["CANCELLED", "DEADLINE_EXCEEDED"],
    );
  });
});
