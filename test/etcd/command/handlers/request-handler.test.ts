import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { it, type TestContext } from "node:test";
import { type Handler, requestHandler } from "../../../../runtime/etcd/command/handlers/request-handler.js";
import { type EtcdGateway, etcdGateway } from "../../../../runtime/etcd/index.js";
import { RawConnection } from "../../../attacks/raw-connection.js";
import { TEST_CHANNEL } from "../../../core/transport/channels.js";
import { listen } from "../../../http/listen.js";
import { send } from "../../../http/requests.js";

/** Serves with a router in place of the gateway's until the test ends. */
async function serve(t: TestContext, router: EtcdGateway["router"]): Promise<{ port: number; logged: string[] }> {
  const { client, publishedVersions, close } = etcdGateway({ channel: TEST_CHANNEL, endpoints: ["127.0.0.1:1"] });
  const logged: string[] = [];
  const server = createServer(requestHandler({ router, client, publishedVersions }, {}, (line) => logged.push(line)));
  t.after(() => close());
  return { port: await listen(t, server), logged };
}

it("responds with 404 to what no other handler serves, and with no body to HEAD", async (t) => {
  const { port } = await serve(t, (_req, _res, next) => next?.());
  const answer = await send(port, "/nothing", "{}");
  assert.equal(answer.status, 404);
  assert.equal(answer.headers["content-type"], "text/plain; charset=utf-8");
  assert.equal(answer.body, "404 page not found\n");
  assert.equal((await send(port, "/nothing", "", { method: "HEAD" })).body, "");
});

it("serves requests in absolute form, as they are sent to proxies", async (t) => {
  const { port } = await serve(t, (_req, _res, next) => next?.());
  for (const [path, status] of [
    ["http://localhost/health", 503],
    ["HTTP://localhost/openapi/index.json", 404],
    ["http://localhost?query", 404],
  ] as const) {
    assert.equal((await send(port, path, "", { method: "GET" })).status, status, path);
  }
});

it("responds with 500 where a handler throws, and goes on", async (t) => {
  const { port, logged } = await serve(t, () => {
    throw new Error("a secret");
  });
  for (let i = 0; i < 2; i++) {
    const answer = await send(port, "/", "{}");
    assert.equal(answer.status, 500);
    assert.equal(answer.body, '{"code":13,"message":"internal error"}');
  }
  assert.deepEqual(logged, ["500 a secret", "500 a secret"]);
});

it("cuts off a response during which a handler throws", async (t) => {
  const { port, logged } = await serve(t, (_req, res) => {
    res.writeHead(200).write("half");
    throw new Error("broken");
  });
  await assert.rejects(send(port, "/", "{}"));
  assert.deepEqual(logged, ["500 broken"]);
});

it("disconnects a client that reads nothing of a response, and no other one", async (t) => {
  const { client, publishedVersions, close } = etcdGateway({ channel: TEST_CHANNEL, endpoints: ["127.0.0.1:1"] });
  t.after(() => close());
  const router: EtcdGateway["router"] = (_req, _res, next) => next?.();
  const large = Buffer.alloc(16 * 1024 * 1024);
  const further: Handler = ({ url }, res, next) => (url === "/large" ? void res.end(large) : next());
  const stall = 200;
  const handler = requestHandler({ router, client, publishedVersions }, {}, assert.fail, [further], [], stall);
  const server = createServer(handler);
  const port = await listen(t, server);
  for (const path of ["/large", "/nothing"]) {
    const accepted = once(server, "connection");
    const connection = new RawConnection(port);
    const [socket]: Socket[] = await accepted;
    assert.ok(socket);
    const closed = once(socket, "close", { signal: AbortSignal.timeout(30_000) });
    if (path === "/large") {
      connection.socket.pause();
      await connection.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(3));
      await closed;
    } else {
      closed.catch(() => {});
      await connection.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await connection.answers(1);
      assert.notEqual(socket.timeout, stall);
    }
    await connection.leave();
  }
});
