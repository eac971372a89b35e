import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { type EtcdGatewayOptions, etcdGateway, GatewayError, Status } from "etcd-gateway";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { Socket, type SocketOptions } from "../../core/websocket/socket.js";
import { type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { listen } from "../../http/listen.js";

const RANGE = "/etcdserverpb.KV/Range";

async function serve(t: TestContext, options: Omit<EtcdGatewayOptions, "endpoints">) {
  const server: FaultServer = await startFaultServer();
  t.after(() => server.stop());
  server.handle(RANGE, (call) => call.answer(Buffer.alloc(0)));
  const gateway = etcdGateway({ channel: TEST_CHANNEL, ...options, endpoints: [server.endpoint] });
  t.after(() => gateway.close(0));
  const http = createServer(gateway.router);
  gateway.handleUpgrades(http);
  const port = await listen(t, http);
  const socket = (path: string, each?: SocketOptions) => new Socket(`ws://127.0.0.1:${port}${path}`, each);
  return { server, socket };
}

describe("over WebSocket", () => {
  it("what is not exposed is rejected before the handshake", async (t) => {
    const { server, socket } = await serve(t, { access: { expose: "read-only" } });
    for (const path of ["/v3/kv/put", "/v3/lease/keepalive", "/v3/maintenance/snapshot"]) {
      assert.equal((await socket(path).rejected()).status, 403);
    }
    assert.equal(server.calls.length, 0);
    const allowed = await socket("/v3/kv/range").opened();
    allowed.send("{}");
    assert.equal(await allowed.next(), "{}");
  });

  it("interceptors stand before calls", async (t) => {
    const reject = (): never => {
      throw new GatewayError(Status.PERMISSION_DENIED, "not yours");
    };
    const { server, socket } = await serve(t, { interceptors: { kv: { range: reject }, watch: { watch: reject } } });
    for (const path of ["/v3/kv/range", "/v3/watch"]) {
      const rejected = await socket(path).opened();
      rejected.send("{}");
      assert.match(String(await rejected.next()), /"code":7,"message":"not yours"/);
      await rejected.closed;
    }
    assert.equal(server.calls.length, 0);
  });

  it("tokens come by subprotocol or header, and go bare", async (t) => {
    const { server, socket } = await serve(t, {});
    const ways: SocketOptions[] = [
      { protocols: ["Bearer", "tok.1"] },
      { headers: { Authorization: "bearer tok.1" } },
      { headers: { "Grpc-Metadata-Token": "tok.1" } },
    ];
    for (const way of ways) {
      const opened = await socket("/v3/kv/range", way).opened();
      opened.send("{}");
      await opened.next();
      const { token, authorization } = server.calls.at(-1)?.headers ?? {};
      assert.deepEqual({ token, authorization }, { token: "tok.1", authorization: "tok.1" });
    }
  });

  it("a cookie counts from own pages and origins listed by name, not from all pages", async (t) => {
    for (const [cors, origin, token] of [
      ["*", "https://evil.example", undefined],
      ["*", "null", undefined],
      [["https://app.example"], "https://app.example", "tok.1"],
      [undefined, undefined, "tok.1"],
    ] as const) {
      const { server, socket } = await serve(t, cors === undefined ? {} : { browsers: { cors } });
      const headers = { Cookie: "token=tok.1", ...(origin !== undefined && { Origin: origin }) };
      const opened = await socket("/v3/kv/range", { headers }).opened();
      opened.send("{}");
      await opened.next();
      assert.equal(server.calls.at(-1)?.headers["token"], token, origin);
    }
  });

  it("nobody's token counts if the gateway acts as itself", async (t) => {
    const credentials = { user: "root", password: "x" };
    const { server, socket } = await serve(t, { access: { actAs: "gateway", credentials } });
    server.handle("/etcdserverpb.Auth/Authenticate", (call) => call.answer(Buffer.from("\x12\x03own")));
    const opened = await socket("/v3/kv/range", { protocols: ["Bearer", "tok.1"] }).opened();
    opened.send("{}");
    await opened.next();
    const { token, authorization } = server.calls.at(-1)?.headers ?? {};
    assert.deepEqual({ token, authorization }, { token: "own", authorization: undefined });
  });
});
