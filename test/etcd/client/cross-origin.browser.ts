import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { startChromium } from "../../browser/chromium.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { urlOf } from "../../server-address.js";
import { bundleForPages } from "./bundle-for-pages.js";
import { openPage } from "./open-page.js";

describe("the HTTP client in a page of another origin, with etcd 3.5's own gateway", { timeout: 120_000 }, () => {
  let etcd: EtcdServer;
  let server: Server;
  let browser: Browser;
  let run: Awaited<ReturnType<typeof openPage>>;

  before(async () => {
    browser = await startChromium();
    etcd = await startEtcd({ version: "3.5" });
    const script = await bundleForPages(`
      import * as client from "etcd-gateway/client";
      globalThis.client = client;
      globalThis.etcd = client.etcdClient({ baseUrl: ${JSON.stringify(etcd.url)}, text: true });
    `);
    server = createServer((_req, res) => {
      res.setHeader("content-type", "text/html").end(`<!doctype html><meta charset="utf-8"><script>${script}</script>`);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    run = await openPage(browser, urlOf(server));
  });

  after(async () => {
    await browser?.close();
    server?.close();
    server?.closeAllConnections();
    await etcd?.stop();
  });

  test("puts, gets and watches", async () => {
    assert.deepEqual(
      await run(`
        const seen = [];
        for await (const notice of client.watch(etcd.watch, { key: "a" })) {
          seen.push(notice.type);
          if (notice.type === "created") await etcd.kv.put({ key: "a", value: "1" });
          if (notice.type !== "events") continue;
          seen.push(notice.events[0].kv.value);
          break;
        }
        return [...seen, (await etcd.kv.range({ key: "a" })).kvs[0].value];
      `),
      ["created", "events", "1", "1"],
    );
  });

  test("grants a lease, and keeps it alive", async () => {
    assert.deepEqual(
      await run(`
        const { ID } = await etcd.lease.leaseGrant({ TTL: 60n });
        const stop = new AbortController();
        let renewed;
        const onRenewed = (ttl) => { renewed = String(ttl); stop.abort(); };
        await client.keepAlive(etcd.lease, ID, { signal: stop.signal, onRenewed });
        return [renewed, String((await etcd.lease.leaseTimeToLive({ ID })).grantedTTL)];
      `),
      ["60", "60"],
    );
  });

  test("keeps a deadline, and the call then ends in etcd as well", async () => {
    assert.deepEqual(
      await run(`
        const { key } = await etcd.lock.lock({ name: "l" });
        const { codeName } = await etcd.lock.lock({ name: "l" }, { timeout: 300 }).catch((error) => error);
        // A lock that waits has a key. It is gone once etcd has noticed the end of the call.
        const range = { key: "l/", range_end: client.prefixEnd("l/"), count_only: true };
        while ((await etcd.kv.range(range)).count !== 1n);
        await etcd.lock.unlock({ key });
        return codeName;
      `),
      "DEADLINE_EXCEEDED",
    );
  });
});
