import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import express from "express";
import type { Browser, Page } from "playwright-core";
import { startChromium } from "../../browser/chromium.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { at, base64 } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";
import { urlOf } from "../../server-address.js";
import { TEST_CHANNEL } from "../transport/channels.js";

/** The records that a page keeps of its `WebSocket`. */
interface Notes {
  readonly frames: string[];
  readonly protocol: string;
  /** How the socket was closed. `undefined` while it is open. */
  readonly closed?: { readonly code: number; readonly reason: string };
}

/** A page that opens the socket which the URL's fragment describes, and sends the frames in it. */
const PAGE = `<!doctype html>
<meta charset="utf-8">
<script>
  const { url, protocols, frames } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  const notes = { frames: [], protocol: "" };
  const socket = new WebSocket(url, protocols);
  socket.onopen = () => {
    notes.protocol = socket.protocol;
    for (const frame of frames) socket.send(frame);
  };
  socket.onmessage = ({ data }) => notes.frames.push(data);
  socket.onclose = ({ code, reason }) => { notes.closed = { code, reason }; };
  globalThis.look = () => notes;
</script>
`;

describe("a browser's WebSocket", () => {
  let etcd: EtcdServer;
  let gateway: EtcdGateway;
  let server: Server;
  let foreign: Server;
  let browser: Browser;

  before(async () => {
    browser = await startChromium();
    etcd = await startEtcd();
    gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint] });
    const app = express();
    app.get("/", (_req, res) => {
      res.type("html").send(PAGE);
    });
    app.use("/etcd", gateway.router);
    server = app.listen(0, "127.0.0.1");
    gateway.handleUpgrades(server);
    foreign = createServer((_req, res) => res.setHeader("Content-Type", "text/html").end(PAGE));
    foreign.listen(0, "127.0.0.1");
    for (const each of [server, foreign]) if (!each.listening) await once(each, "listening");
  });

  after(async () => {
    await browser?.close();
    server?.close();
    foreign?.close();
    await gateway?.close(0);
    server?.closeAllConnections();
    await etcd?.stop();
  });

  /** Opens a page of one server. The page opens a socket to the gateway. */
  const open = async (from: Server, path: string, protocols: string[], frames: unknown[]) => {
    const url = `${urlOf(server).replace("http", "ws")}/etcd${path}`;
    const context = await browser.newContext();
    const page = await context.newPage();
    const request = { url, protocols, frames: frames.map((frame) => JSON.stringify(frame)) };
    await page.goto(`${urlOf(from)}/#${encodeURIComponent(JSON.stringify(request))}`);
    return page;
  };

  /** Waits until a page's records meet a condition. */
  const until = async (page: Page, isSo: (notes: Notes) => boolean): Promise<Notes> => {
    for (;;) {
      const notes = await page.evaluate<Notes>("look()");
      if (isSo(notes)) return notes;
    }
  };

  test("watches", async () => {
    const page = await open(server, "/v3/watch", [], [{ create_request: { key: base64("page") } }]);
    await until(page, ({ frames }) => frames.length > 0);
    await post(`${urlOf(server)}/etcd/v3/kv/put`, { key: base64("page"), value: base64("1") });
    const { frames, closed } = await until(page, (notes) => notes.frames.length > 1);
    assert.equal(at(JSON.parse(frames[1] ?? ""), "result", "events", 0, "kv", "value"), base64("1"));
    assert.equal(closed, undefined);
    await page.context().close();
  });

  test("sees how a call ended", async () => {
    const put = await open(server, "/v3/kv/put", [], [{ key: base64("page") }]);
    assert.deepEqual((await until(put, ({ closed }) => closed !== undefined)).closed, { code: 1000, reason: "" });
    const revoke = await open(server, "/v3/lease/revoke", [], [{ ID: "12345" }]);
    const { frames, closed } = await until(revoke, (notes) => notes.closed !== undefined);
    assert.deepEqual(frames, ['{"code":5,"message":"etcdserver: requested lease not found"}']);
    assert.deepEqual(closed, { code: 4005, reason: "etcdserver: requested lease not found" });
  });

  test("of another site does not get in", async () => {
    const page = await open(foreign, "/v3/kv/put", [], [{ key: base64("stolen") }]);
    const { frames, closed } = await until(page, (notes) => notes.closed !== undefined);
    assert.deepEqual(frames, []);
    assert.equal(closed?.code, 1006);
    const { json } = await post(`${urlOf(server)}/etcd/v3/kv/range`, { key: base64("stolen") });
    assert.equal("count" in Object(json), false);
  });

  // This test is the last one, because requests without a token fail after it.
  test("sends a token as a subprotocol", async () => {
    const auth = (path: string, body: unknown) => post(`${urlOf(server)}/etcd/v3/auth/${path}`, body);
    const credentials = { name: "root", password: "secret" };
    await auth("user/add", credentials);
    await auth("role/add", { name: "root" });
    await auth("user/grant", { user: "root", role: "root" });
    await auth("enable", {});
    const token = String(at((await auth("authenticate", credentials)).json, "token"));
    const page = await open(server, "/v3/auth/user/list", ["Bearer", token], [{}]);
    const { frames, protocol } = await until(page, (notes) => notes.closed !== undefined);
    assert.equal(protocol, "Bearer");
    assert.deepEqual(at(JSON.parse(frames[0] ?? ""), "users"), ["root"]);
  });
});
