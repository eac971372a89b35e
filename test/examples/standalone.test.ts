import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { firstLine } from "../first-line.js";

const SERVER = fileURLToPath(new URL("../../examples/standalone/server.ts", import.meta.url));

describe("the example of a stand-alone server", () => {
  let etcd: EtcdServer;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());

  it("serves etcd, and ends well on SIGTERM", async () => {
    const server = spawn(process.execPath, ["--conditions=@etcd-gateway/source", "--import", "tsx", SERVER], {
      env: { ...process.env, ETCD_ENDPOINTS: etcd.endpoint, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = /^listening on (http:\S+)$/.exec(await firstLine(server))?.[1];
    const answer = await fetch(`${url}/v3/kv/put`, { method: "POST", body: '{"key":"Zm9v","value":"YmFy"}' });
    assert.equal(answer.status, 200, await answer.text());
    server.kill("SIGTERM");
    const [code] = await once(server, "close");
    assert.equal(code, 0);
  });
});
