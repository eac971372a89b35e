import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import type { GatewayError } from "etcd-gateway";
import { startGateway } from "../../e2e/gateway.js";
import { startEtcd } from "../../etcd-server/server.js";
import { at, base64 } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";
import { CommandProcess } from "../command/command-process.js";

const SECRET = "hunter2";

describe("secrets", () => {
  it("are in no error, and nothing that an error has with it", async (t) => {
    const errors: GatewayError[] = [];
    const gateway = await startGateway({
      // Nobody listens there: what gets through fails too.
      endpoints: ["127.0.0.1:1"],
      timeouts: { connect: 10 },
      json: { unknownFields: "reject" },
      access: { credentials: { user: "root", password: SECRET } },
      onError: (error) => void errors.push(error),
    });
    t.after(() => gateway.close());
    const bodies = [
      `{"name":"root","password":"${SECRET}"}`,
      `{"name":"root","password":["${SECRET}"]}`,
      `{"name":"root","password":{"is":"${SECRET}"}}`,
      `{"name":"root","password":${SECRET}}`,
      `{"name":"root","password":"${SECRET}\\ud800"}`,
      `{"name":"root","password":"${SECRET}" ${SECRET}`,
      `{"name":7,"password":"${SECRET}"}`,
      `{"name":"root","password":"a","password":"${SECRET}"}`,
      `{"name":"root","hashedPassword":"${SECRET}"}`,
      `{"token":"${SECRET}"}`,
    ];
    for (const rpc of ["authenticate", "user/add", "user/changepw"]) {
      for (const body of bodies) {
        const answer = await post(`${gateway.url}/v3/auth/${rpc}`, body, {
          Authorization: `Bearer ${SECRET}`,
          "Grpc-Metadata-Token": SECRET,
        });
        assert.ok(answer.status >= 400);
        assert.doesNotMatch(JSON.stringify(answer.json), new RegExp(SECRET), body);
      }
    }
    await post(`${gateway.url}/v3/kv/range`, {}, { Authorization: SECRET, "Grpc-Metadata-X-Bin": "?" });
    assert.equal(errors.length, 3 * bodies.length + 1);
    for (const error of errors) assert.doesNotMatch(inspect(error, { depth: 10 }), new RegExp(SECRET));
  });

  it("are not in what the command writes", async () => {
    const etcd = await startEtcd();
    const command = new CommandProcess([
      ...["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"],
      ...["--connect-timeout", "1s", "--unary-timeout", "2s"],
    ]);
    const url = await command.url();
    const call = (path: string, body: object, token = "") =>
      post(`${url}/v3/${path}`, body, token === "" ? {} : { Authorization: token });
    try {
      await call("auth/user/add", { name: "root", password: SECRET });
      await call("auth/user/grant", { user: "root", role: "root" });
      await call("auth/enable", {});
      const { json } = await call("auth/authenticate", { name: "root", password: SECRET });
      const token = String(at(json, "token"));
      const value = base64(`value of ${SECRET}`);
      assert.equal((await call("kv/put", { key: base64(SECRET), value }, token)).status, 200);
      const requests = async (): Promise<void> => {
        await call("auth/authenticate", { name: "root", password: `${SECRET}?` });
        await call("auth/user/add", { name: "a", password: SECRET }, token);
        await call("auth/user/changepw", { name: "root", password: SECRET }, `${token}x`);
        await call("kv/put", { key: base64(SECRET), value }, token);
      };
      await requests();
      await etcd.kill("SIGSTOP");
      await requests();
      await etcd.kill("SIGKILL");
      await requests();
      const { stdout, stderr } = await command.stop();
      assert.match(stderr, /^etcd-gateway: 503 /m);
      assert.match(stderr, /^etcd-gateway: 504 /m);
      for (const secret of [SECRET, base64(SECRET), value, token]) {
        assert.ok(!(stdout + stderr).includes(secret), `${secret} in ${stderr}`);
      }
    } finally {
      await command.stop("SIGKILL");
      await etcd.stop();
    }
  });

  it("are not the only values that are shown: others are, to find mistakes by", async (t) => {
    const gateway = await startGateway({ endpoints: ["127.0.0.1:1"] });
    t.after(() => gateway.close());
    const { json } = await post(`${gateway.url}/v3/auth/user/add`, '{"name":7}');
    assert.match(JSON.stringify(json), /got 7/);
  });
});
