import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Socket } from "../core/websocket/socket.js";
import { startGateway, type TestGateway } from "../e2e/gateway.js";
import { ETCD_VERSIONS } from "../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { post } from "../http/requests.js";

/** Each of them ends some etcd server that gets it, so no server may: it goes to our gateway alone. */
const fatal: readonly (readonly [path: string, body: string, versions: readonly string[]])[] = [
  ["maintenance/alarm", '{"action":9}', ["3.4", "3.5"]],
  ["maintenance/alarm", '{"action":-1,"alarm":1}', ["3.4", "3.5"]],
  ["maintenance/alarm", '{"action":"ACTIVATE","alarm":9}', ["3.4", "3.5"]],
  ["maintenance/alarm", '{"action":1,"alarm":9}', ["3.4", "3.5"]],
  ["maintenance/alarm", '{"action":"ACTIVATE"}', ["3.4"]],
  ["maintenance/alarm", '{"action":1,"alarm":"NONE","memberID":"1"}', ["3.4"]],
  ["kv/range", '{"key":"YQ==","sort_target":99}', ["3.4", "3.5"]],
  ["kv/txn", '{"success":[{"request_range":{"key":"YQ==","sort_target":-1}}]}', ["3.4", "3.5"]],
  ["auth/role/grant", '{"name":"fatal"}', ["3.4", "3.5"]],
  ["auth/role/grant", '{"name":"fatal","perm":null}', ["3.4", "3.5"]],
  ["kv/txn", '{"success":[{}]}', ["3.4", "3.5"]],
];

for (const version of ETCD_VERSIONS) {
  describe(`requests that end etcd servers, with etcd ${version}`, () => {
    let etcd: EtcdServer;
    let gateway: TestGateway;
    before(async () => {
      etcd = await startEtcd({ version });
      gateway = await startGateway({ endpoints: [etcd.endpoint] });
      assert.equal((await post(`${gateway.url}/v3/auth/role/add`, { name: "fatal" })).status, 200);
    });
    after(async () => {
      await gateway?.close();
      await etcd?.stop();
    });

    for (const [path, body] of fatal.filter(([, , versions]) => versions.includes(version))) {
      for (const prefix of ["/v3", "/v3beta", "/v3alpha"]) {
        it(`${prefix}/${path} ${body} is rejected`, async () => {
          const { pid } = etcd;
          const { status, json } = await post(`${gateway.url}${prefix}/${path}`, body);
          assert.equal(status, 400);
          assert.equal(Reflect.get(Object(json), "code"), 3);
          assert.equal((await post(`${gateway.url}/v3/kv/range`, { key: "YQ==" })).status, 200);
          assert.equal(etcd.pid, pid);
          assert.ok(process.kill(pid, 0));
        });
      }
    }

    it("none gets through by WebSocket, or with bytes as text", async () => {
      const { pid } = etcd;
      for (const [path, body] of fatal.filter(([, , versions]) => versions.includes(version))) {
        const socket = await new Socket(`${gateway.url.replace("http", "ws")}/v3/${path}`).opened();
        socket.send(body);
        assert.equal(Reflect.get(Object(JSON.parse(String(await socket.next()))), "code"), 3, body);
        await socket.closed;
        assert.equal((await post(`${gateway.url}/v3/${path}?bytes=text`, body)).status, 400, body);
      }
      assert.equal((await post(`${gateway.url}/v3/kv/range`, { key: "YQ==" })).status, 200);
      assert.equal(etcd.pid, pid);
      assert.ok(process.kill(pid, 0));
    });

    it("an alarm without a type is passed to a server that bears it", async () => {
      const { status } = await post(`${gateway.url}/v3/maintenance/alarm`, { action: "ACTIVATE" });
      assert.equal(status, version === "3.4" ? 400 : 200);
    });

    it("the server starts again with what it has", async () => {
      await etcd.restart();
      assert.equal((await post(`${gateway.url}/v3/kv/range`, { key: "YQ==" })).status, 200);
    });
  });
}
