import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { send, type TextResponse } from "../../http/requests.js";
import { CommandProcess } from "./command-process.js";

const RANGE = "/v3/kv/range";

describe("the stand-alone server", () => {
  let etcd: EtcdServer;
  before(async () => {
    etcd = await startEtcd({ version: "3.5" });
  });
  after(() => etcd.stop());

  /** Starts it until the test ends; resolves with its port. */
  async function start(t: TestContext, ...flags: string[]): Promise<number> {
    const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...flags]);
    t.after(() => command.stop());
    return Number(new URL(await command.url()).port);
  }

  const post = (port: number, headers: Record<string, string>): Promise<TextResponse> =>
    send(port, RANGE, '{"key":"Zm9v"}', { headers });
  const get = (port: number, path: string, headers: Record<string, string> = {}): Promise<TextResponse> =>
    send(port, path, "", { method: "GET", headers });

  it("responds to what clients ask for beside the API", async (t) => {
    const port = await start(t);
    assert.equal((await get(port, "/version")).body, `{"etcdserver":"${etcd.version}","etcdcluster":"3.5.0"}`);
    assert.equal((await get(port, "/health")).body, '{"health":"true","reason":""}');
    for (const path of ["/livez", "/readyz"]) assert.equal((await get(port, path)).body, "ok\n");
  });

  it("is for this machine's clients, and no other page's, when it listens on a loopback address", async (t) => {
    const port = await start(t);
    for (const host of ["localhost", `localhost:${port}`, "127.0.0.1:80", "[::1]"]) {
      assert.equal((await post(port, { Host: host })).status, 200, host);
    }
    for (const path of [RANGE, "/version", "/openapi.json", "/nothing"]) {
      const misdirected = await get(port, path, { Host: "rebound.example" });
      assert.equal(misdirected.status, 421, path);
      assert.match(misdirected.body, /unknown host \\"rebound\.example\\" .* the server's option allowedHosts/);
      assert.equal((await get(port, path, { Origin: "https://app.example" })).status, 403, path);
    }
  });

  it("takes origins and hosts from its flags", async (t) => {
    const port = await start(t, "--cors", "https://app.example", "--allowed-hosts", "gateway.example");
    const headers = { Host: "gateway.example", Origin: "https://app.example" };
    for (const answer of [await post(port, headers), await get(port, "/version", headers)]) {
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["access-control-allow-origin"], "https://app.example");
    }
    assert.equal((await get(port, "/version", { Host: "127.0.0.1" })).status, 421);
  });

  it("lets everybody in if told so", async (t) => {
    const port = await start(t, "--cors", "*", "--allowed-hosts", "*");
    const answer = await post(port, { Host: "rebound.example", Origin: "null" });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["access-control-allow-origin"], "*");
  });

  it("rejects origins that cannot be used", async () => {
    const command = new CommandProcess(["--listen", "127.0.0.1:0", "--cors", "app.example"]);
    const { code, stderr } = await command.ended();
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^etcd-gateway: invalid --cors "app\.example": expected an origin such as "https:\/\/app\.example"\n$/,
    );
  });
});
