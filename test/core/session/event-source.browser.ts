import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import express from "express";
import type { Browser, Page } from "playwright-core";
import { startChromium } from "../../browser/chromium.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { at, base64, revisionOf } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";
import { urlOf } from "../../server-address.js";
import { TEST_CHANNEL } from "../transport/channels.js";

/** The records that a page keeps of its `EventSource`. */
interface Notes {
  /** The values of the keys in put events. */
  readonly values: string[];
  /** The number of times that the connection opened. */
  readonly opened: number;
  /** The last events of streams: `end`, or `error` with its data. */
  readonly endings: string[];
  /** The value of `EventSource.readyState`. 2 means closed permanently. */
  readonly state: number;
}

const PAGE = `<!doctype html>
<meta charset="utf-8">
<script>
  const notes = { values: [], opened: 0, endings: [], state: 0 };
  const source = new EventSource(location.hash.slice(1));
  source.onopen = () => notes.opened++;
  source.onmessage = ({ data }) => {
    for (const { kv } of JSON.parse(data).events ?? []) notes.values.push(atob(kv.value));
  };
  source.onerror = ({ data }) => data && notes.endings.push("error " + data);
  source.addEventListener("end", () => notes.endings.push("end"));
  globalThis.look = () => ({ ...notes, state: source.readyState });
</script>
`;

/** Makes the URL that an `EventSource` uses to watch all keys with a prefix. */
function watchUrl(prefix: string): string {
  const end = prefix.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1));
  return `/v3/watch?create_request.key=${base64(prefix)}&create_request.range_end=${base64(end)}`;
}

describe("a browser's EventSource", () => {
  let etcd: EtcdServer;
  let gateway: EtcdGateway;
  let server: Server;
  let browser: Browser;
  let url = "";
  /** The connections of the streams. */
  const streams = new Set<Socket>();

  before(async () => {
    browser = await startChromium();
    etcd = await startEtcd();
    gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint] });
    const app = express();
    app.get("/", (_req, res) => {
      res.type("html").send(PAGE);
    });
    app.use((req, _res, next) => {
      if (req.headers.accept === "text/event-stream") streams.add(req.socket);
      next();
    });
    app.use(gateway.router);
    server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = urlOf(server);
  });

  after(async () => {
    await browser?.close();
    server?.close();
    await gateway?.close(0);
    server?.closeAllConnections();
    await etcd?.stop();
  });

  const put = async (key: string, value: string) =>
    (await post(`${url}/v3/kv/put`, { key: base64(key), value: base64(value) })).json;

  /** Opens a separate page, whose script opens an `EventSource`. */
  async function pageOf(source: string): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/#${source}`);
    return page;
  }

  const look = (page: Page): Promise<Notes> => page.evaluate("look()");
  const until = (page: Page, condition: string) =>
    page.waitForFunction(`(({ values, opened, endings, state }) => ${condition})(look())`, undefined, {
      timeout: 30_000,
      polling: 20,
    });

  function dropConnections(): void {
    for (const socket of streams) socket.destroy();
    streams.clear();
  }

  test("has every event once and in order, however often its connection breaks", async () => {
    const page = await pageOf(watchUrl("order/"));
    await until(page, "opened === 1");
    // There is no event yet. The page must receive the following events after it has reconnected.
    dropConnections();
    let written = 0;
    const write = async (count: number): Promise<void> => {
      for (const end = written + count; written < end; written++) await put(`order/${written % 5}`, String(written));
    };
    await write(20);
    for (let drops = 1; drops <= 3; drops++) {
      await until(page, `opened === ${drops + 1}`);
      await write(30);
      const writing = write(100);
      await until(page, `values.length > ${written - 10}`);
      dropConnections();
      await writing;
    }
    await write(1);
    await until(page, `values.includes("${written - 1}")`);
    const { values, opened } = await look(page);
    assert.deepEqual(
      values,
      Array.from({ length: written }, (_, i) => String(i)),
    );
    assert.equal(opened, 5);
    await page.context().close();
  });

  test("stays away when its events have been compacted meanwhile", async () => {
    const page = await pageOf(watchUrl("late/"));
    await until(page, "opened === 1");
    await put("late/a", "1");
    await until(page, "values.length === 1");
    dropConnections();
    await put("late/a", "2");
    const revision = revisionOf(await put("late/a", "3"));
    await post(`${url}/v3/kv/compaction`, { revision });
    await until(page, "state === 2");
    assert.deepEqual((await look(page)).values, ["1"]);
    await page.context().close();
  });

  test("stays away from a stream that is over", async () => {
    const granted = await post(`${url}/v3/lease/grant`, { TTL: "600" });
    const page = await pageOf(`/v3/lease/keepalive?ID=${at(granted.json, "ID")}`);
    await until(page, "state === 2");
    const { opened, endings } = await look(page);
    assert.deepEqual({ opened, endings }, { opened: 1, endings: ["end"] });
    await page.context().close();
  });

  test("stays away when it is rejected", async () => {
    const page = await pageOf("/v3/watch?create_request.key=*");
    await until(page, "state === 2");
    assert.equal((await look(page)).opened, 0);
    await page.context().close();
  });
});
