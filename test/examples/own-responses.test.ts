import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, describe, it } from "node:test";
import type { EtcdGateway } from "etcd-gateway";
import { createApp } from "../../examples/own-responses/app.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { send } from "../http/requests.js";
import { portOf } from "../server-address.js";

describe("the example of responses of one's own", () => {
  let etcd: EtcdServer;
  let gateway: EtcdGateway;
  let server: Server;
  let port = 0;

  before(async () => {
    etcd = await startEtcd();
    const app = createApp([etcd.endpoint]);
    gateway = app.gateway;
    server = createServer(app.app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = portOf(server);
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await gateway.close();
    await etcd.stop();
  });

  it("gives the revision of a key", async () => {
    await send(port, "/v3/kv/put", '{"key":"Zm9v","value":"YmFy"}');
    const { headers, body } = await send(port, "/v3/kv/range", '{"key":"Zm9v"}');
    const { header, kvs } = JSON.parse(body);
    assert.deepEqual([headers["x-etcd-revision"], headers.etag], [header.revision, `"${kvs[0].mod_revision}"`]);
    const none = await send(port, "/v3/kv/range", '{"key":"eA=="}');
    assert.deepEqual([none.headers["x-etcd-revision"], none.headers.etag], [header.revision, undefined]);
  });

  it("gives errors as problem details", async () => {
    const { status, headers, body } = await send(port, "/v3/lease/revoke", '{"ID":"7"}');
    assert.equal(status, 404);
    assert.equal(headers["content-type"], "application/problem+json");
    const expected = {
      title: "etcdserver: requested lease not found",
      status: 404,
      instance: "etcdserverpb.Lease.LeaseRevoke",
    };
    assert.deepEqual(JSON.parse(body), expected);
  });

  it("leaves unknown paths to the app", async () => {
    const { status, body } = await send(port, "/v3/nothing", "{}");
    assert.deepEqual([status, JSON.parse(body).title], [404, "there is no such page"]);
  });
});
