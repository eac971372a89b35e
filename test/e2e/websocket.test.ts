import assert from "node:assert/strict";
import { test } from "node:test";
import { Socket, type SocketOptions } from "../core/websocket/socket.js";
import { parseMetrics } from "../etcd-server/metrics.js";
import { at, base64, result, withoutHeader } from "../http/etcd-json.js";
import { onEachEtcd } from "./each-etcd.js";

onEachEtcd("WebSocket", (setup) => {
  const toSocket = (path: string, options?: SocketOptions) =>
    new Socket(setup.url(path).replace("http://", "ws://"), options);
  const open = (path: string, options?: SocketOptions) => toSocket(path, options).opened();
  const put = (key: string, value: string) =>
    setup.post("/v3/kv/put", { key: base64(key), value: base64(value) }).then(result);
  const metric = async (name: string) =>
    parseMetrics(await (await fetch(`${setup.etcd.url}/metrics`)).text()).get(name) ?? 0;

  test("watches are created, asked for progress and canceled on one socket", async () => {
    const socket = await open("/v3/watch");
    socket.send(JSON.stringify({ create_request: { key: base64("ws/a") } }));
    assert.deepEqual(withoutHeader(at(await socket.json(), "result")), { created: true });
    await put("ws/a", "1");
    assert.equal(at(await socket.json(), "result", "events", 0, "kv", "value"), base64("1"));
    socket.send(`${JSON.stringify({ create_request: { key: base64("ws/b") } })}{"progress_`);
    assert.deepEqual(withoutHeader(at(await socket.json(), "result")), { watch_id: "1", created: true });
    socket.send('request":{}}');
    assert.deepEqual(withoutHeader(at(await socket.json(), "result")), { watch_id: "-1" });
    socket.send(Buffer.from('{"cancel_request":{"watch_id":"0"}}'));
    assert.deepEqual(withoutHeader(at(await socket.json(), "result")), { canceled: true });
    await put("ws/a", "2");
    await put("ws/b", "3");
    const event = at(await socket.json(), "result");
    assert.equal(at(event, "watch_id"), "1");
    assert.equal(at(event, "events", 0, "kv", "value"), base64("3"));
    socket.ws.close(1000);
    assert.equal((await socket.closed).code, 1000);
  });

  test("a watch that etcd refuses is told so, and the socket closed", async () => {
    const put1 = await setup.post("/v3/kv/put", { key: base64("ws/c") });
    await put("ws/c", "2");
    const revision = at((await setup.post("/v3/kv/put", { key: base64("ws/c") })).json, "header", "revision");
    result(await setup.post("/v3/kv/compaction", { revision }));
    const socket = await open("/v3/watch");
    const start_revision = at(put1.json, "header", "revision");
    socket.send(JSON.stringify({ create_request: { key: base64("ws/c"), start_revision } }));
    assert.equal(at(await socket.json(), "result", "created"), true);
    assert.equal(at(await socket.json(), "result", "compact_revision"), revision);
    assert.deepEqual(await socket.closed, { code: 1000, reason: "" });
  });

  test("a refusal by status is a close code, where it is asked for", async () => {
    const current = at((await setup.post("/v3/kv/range", { key: base64("x") })).json, "header", "revision");
    result(await setup.post("/v3/kv/put", { key: base64("ws/d") }));
    await setup.post("/v3/kv/compaction", { revision: Number(current) + 1 });
    const socket = await open("/v3/watch", { headers: { Accept: "application/json; refusals=status" } });
    socket.send(JSON.stringify({ create_request: { key: base64("ws/d"), start_revision: current } }));
    assert.equal((await socket.closed).code, 4011);
  });

  test("unary calls, under every prefix", async () => {
    for (const prefix of ["/v3", "/v3beta", "/v3alpha"]) {
      const socket = await open(`${prefix}/kv/put`);
      socket.send(JSON.stringify({ key: base64("ws/u"), value: base64(prefix) }));
      assert.deepEqual(withoutHeader(await socket.json()), {});
      assert.deepEqual(await socket.closed, { code: 1000, reason: "" });
      const range = await open(`${prefix}/kv/range`);
      range.send(JSON.stringify({ key: base64("ws/u") }));
      assert.equal(at(await range.json(), "kvs", 0, "value"), base64(prefix));
    }
    const failed = await open("/v3/lease/keepalive");
    failed.send('{"ID":"x"}');
    assert.equal((await failed.closed).code, 4003);
    const revoked = await open("/v3/lease/revoke");
    revoked.send('{"ID":"12345"}');
    assert.deepEqual(await revoked.closed, { code: 4005, reason: "etcdserver: requested lease not found" });
  });

  test("a snapshot, and a keep-alive that goes on", async () => {
    const socket = await open("/v3/maintenance/snapshot");
    socket.send("{}");
    assert.equal((await socket.closed).code, 1000);
    const frames = await socket.rest();
    const bytes = frames.map((frame) => Buffer.from(String(at(JSON.parse(String(frame)), "result", "blob")), "base64"));
    assert.equal(Buffer.concat(bytes).subarray(16, 20).toString("hex"), "edda0ced", "the mark of a bbolt file");

    const lease = at((await setup.post("/v3/lease/grant", { TTL: 60 })).json, "ID");
    const alive = await open("/v3/lease/keepalive");
    for (let i = 0; i < 3; i++) {
      alive.send(JSON.stringify({ ID: lease }));
      assert.deepEqual(withoutHeader(at(await alive.json(), "result")), { ID: lease, TTL: "60" });
    }
    alive.ws.terminate();
  });

  test("clients that go away leave nothing behind", async () => {
    const before = await metric("etcd_debugging_mvcc_watch_stream_total");
    const sockets: Socket[] = [];
    for (let i = 0; i < 200; i++) {
      const socket = await open("/v3/watch");
      socket.send(JSON.stringify({ create_request: { key: base64("ws/gone") } }));
      await socket.json();
      sockets.push(socket);
    }
    assert.equal(await metric("etcd_debugging_mvcc_watch_stream_total"), before + 200);
    for (const [i, socket] of sockets.entries()) i % 2 === 0 ? socket.ws.terminate() : socket.ws.close();
    while ((await metric("etcd_debugging_mvcc_watch_stream_total")) > before);
  });

  // The last: nobody can do anything without a token from here on.
  test("tokens, each way, when auth is on", async () => {
    for (const [path, body] of [
      ["user/add", { name: "root", password: "secret" }],
      ["role/add", { name: "root" }],
      ["user/grant", { user: "root", role: "root" }],
      ["enable", {}],
    ] as const) {
      result(await setup.post(`/v3/auth/${path}`, body));
    }
    const login = await setup.post("/v3/auth/authenticate", { name: "root", password: "secret" });
    const token = String(at(login.json, "token"));
    const watch = async (options: SocketOptions) => {
      const socket = await open("/v3/watch", options);
      socket.send(JSON.stringify({ create_request: { key: base64("ws/secret") } }));
      const answer = at(await socket.json(), "result");
      socket.ws.terminate();
      return at(answer, "created") === true && !("canceled" in Object(answer));
    };
    assert.equal(await watch({ protocols: ["Bearer", token] }), true);
    assert.equal(await watch({ headers: { Cookie: `token=${token}` } }), true);
    assert.equal(await watch({ headers: { Authorization: token } }), true);
    assert.equal(await watch({ headers: { Authorization: `Bearer ${token}` } }), true);
    assert.equal(await watch({ headers: { "Grpc-Metadata-Token": token } }), true);
    assert.equal(await watch({}), false);
    assert.equal(await watch({ protocols: ["Bearer", "a.1"] }), false);

    const unary = await open("/v3/kv/range", { protocols: ["Bearer", "a.1"] });
    unary.send(JSON.stringify({ key: base64("x") }));
    assert.deepEqual(await unary.closed, { code: 4016, reason: "etcdserver: invalid auth token" });
    assert.deepEqual(await unary.rest(), ['{"code":16,"message":"etcdserver: invalid auth token"}']);
  });
});
