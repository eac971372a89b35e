import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError, Status, type Transport } from "@etcd-gateway/runtime";
import { unauthenticatedTransport } from "../../../runtime/etcd/access/unauthenticated.js";
import { ETCD_VERSIONS } from "../../etcd-server/etcd-versions.js";
import { assertError, base64 } from "../../http/etcd-json.js";
import { postStream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";
import { enableAuth, gatewayOf, login, startAuthEtcd } from "./auth-etcd.js";

const NO_TOKEN = "etcdserver: user name is empty";

for (const version of ETCD_VERSIONS) {
  it(`a missing token is 401 by the option refusals on etcd ${version}, and nothing else changes`, async (t) => {
    const etcd = await startAuthEtcd(t, { version });
    const { url } = await gatewayOf(t, { endpoints: [etcd.endpoint], access: { refusals: "status" } });
    assertError(await post(`${url}/v3/auth/user/add`, { password: "x" }), 400, 3, NO_TOKEN);
    await enableAuth(url);
    const put = (headers: Record<string, string>) => post(`${url}/v3/kv/put`, { key: base64("a/1") }, headers);
    assertError(await put({}), 401, 16, NO_TOKEN);
    const alice = { Authorization: await login(url, "alice") };
    assert.equal((await put(alice)).status, 200);
    assertError(await post(`${url}/v3/kv/put`, {}, alice), 400, 3, "etcdserver: key is not provided");
    assertError(await put({ Authorization: "bogus.1" }), 401, 16, "etcdserver: invalid auth token");

    const watch = { create_request: { key: base64("a/1") } };
    assert.equal(await postStream(`${url}/v3/watch`, watch).status(), 401);
    const watching = postStream(`${url}/v3/watch`, watch, alice);
    assert.equal(await watching.status(), 200);
    watching.abort();
  });
}

describe("the transport that tells of missing tokens", () => {
  const refusing: Transport = {
    unary(_path, _request, _options, listener) {
      process.nextTick(() => listener.onError(new GatewayError(Status.INVALID_ARGUMENT, NO_TOKEN), []));
      return { cancel() {} };
    },
    stream(_path, _options, listener) {
      process.nextTick(() => listener.onEnd(new GatewayError(Status.INVALID_ARGUMENT, NO_TOKEN), []));
      return { send: () => true, end() {}, cancel() {}, pause() {}, resume() {} };
    },
    close() {},
  };
  const transport = unauthenticatedTransport(refusing);
  const call = { metadata: [], deadline: undefined, idempotent: false };

  function codeOfUnary(path: string, metadata: readonly (readonly [string, string])[]): Promise<number> {
    return new Promise((resolve, reject) => {
      transport.unary(
        path,
        Buffer.alloc(0),
        { ...call, metadata },
        {
          onResponse: () => reject(new Error("it was refused")),
          onError: ({ code }) => resolve(code),
        },
      );
    });
  }

  it("says so of calls without one", async () => {
    assert.equal(await codeOfUnary("/etcdserverpb.KV/Put", []), Status.UNAUTHENTICATED);
    assert.equal(await codeOfUnary("/etcdserverpb.KV/Put", [["token", "x"]]), Status.INVALID_ARGUMENT);
    assert.equal(await codeOfUnary("/etcdserverpb.Auth/UserAdd", []), Status.INVALID_ARGUMENT);
  });

  it("says so of streams", async () => {
    const code = await new Promise((resolve) => {
      transport.stream("/etcdserverpb.Lease/LeaseKeepAlive", call, {
        onHeaders() {},
        onMessage() {},
        onDrain() {},
        onEnd: (error) => resolve(error?.code),
      });
    });
    assert.equal(code, Status.UNAUTHENTICATED);
  });
});
