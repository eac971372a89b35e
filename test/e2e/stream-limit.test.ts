import assert from "node:assert/strict";
import { test } from "node:test";
import { startEtcd } from "../etcd-server/server.js";
import { at, base64 } from "../http/etcd-json.js";
import { postStream } from "../http/json-stream.js";
import { post } from "../http/requests.js";
import { startGateway } from "./gateway.js";

test("watches beyond what etcd allows a connection hold up neither each other nor a range", async (t) => {
  const etcd = await startEtcd({ version: "3.5", args: ["--max-concurrent-streams=3"] });
  const gateway = await startGateway({ endpoints: [etcd.endpoint] });
  t.after(async () => {
    await gateway.close();
    await etcd.stop();
  });
  for (let i = 0; i < 10; i++) {
    const watch = postStream(`${gateway.url}/v3/watch`, { create_request: { key: base64("a") } });
    t.after(() => watch.abort());
    assert.equal(at(await watch.next(), "result", "created"), true);
    const range = await post(`${gateway.url}/v3/kv/range`, { key: base64("a") }, { "Grpc-Timeout": "5S" });
    assert.equal(range.status, 200, `with ${i + 1} watches`);
  }
});
