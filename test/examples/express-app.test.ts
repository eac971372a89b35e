import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import { after, before, describe, it } from "node:test";
import { createApp } from "../../examples/express-app/app.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { urlOf } from "../server-address.js";

describe("the example of an app with a login", () => {
  let etcd: EtcdServer;
  let app: ReturnType<typeof createApp>;
  let server: Server;
  let url: string;

  before(async () => {
    etcd = await startEtcd();
    app = createApp({ endpoints: [etcd.endpoint], passwords: new Map([["ann", "secret"]]) });
    server = app.app.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = urlOf(server);
  });
  after(async () => {
    await app.gateway.close();
    server.closeAllConnections();
    server.close();
    await etcd.stop();
  });

  async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  }

  it("keeps strangers out", async () => {
    assert.equal((await post("/etcd/v3/kv/range", { key: "Zm9v" })).status, 401);
    assert.equal((await post("/etcd/v3/kv/range", { key: "Zm9v" }, { cookie: "session=guess" })).status, 401);
    assert.equal((await post("/login", { user: "ann", password: "wrong" })).status, 401);
    assert.equal((await post("/login", ["ann", "secret"])).status, 401);
  });

  it("gives users who log in etcd's API", async () => {
    const login = await post("/login", { user: "ann", password: "secret" });
    assert.equal(login.status, 200);
    const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
    const put = await post("/etcd/v3/kv/put", { key: "Zm9v", value: "YmFy" }, { cookie });
    assert.equal(put.status, 200);
    const range = await post("/etcd/v3alpha/kv/range", { key: "Zm9v" }, { cookie });
    assert.equal(range.status, 200);
    assert.equal(JSON.parse(await range.text()).kvs[0].value, "YmFy");
  });
});
