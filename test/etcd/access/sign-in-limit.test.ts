import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { etcdGateway } from "etcd-gateway";
import { AuthenticateResponse, RangeResponse } from "../../../generated/index.js";
import { CallLog } from "../../core/observe/call-log.js";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { startGateway } from "../../e2e/gateway.js";
import { startEtcd } from "../../etcd-server/server.js";
import { type FaultCall, type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { at, base64 } from "../../http/etcd-json.js";
import { postStream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";

const AUTHENTICATE = "/etcdserverpb.Auth/Authenticate";
const signIn = { name: "root", password: "guess" };

/** A gateway where two may sign in at a time, before a server that does not respond to them until it is told to. */
async function setUp(t: TestContext): Promise<{ url: string; server: FaultServer; log: CallLog }> {
  const log = new CallLog();
  const server = await startFaultServer();
  server.handle(AUTHENTICATE, () => {});
  server.handle("/etcdserverpb.KV/Range", (call) => call.answer(RangeResponse.encode(RangeResponse.create()).finish()));
  const gateway = await startGateway({ endpoints: [server.endpoint], limits: { maxSignIns: 2 }, observers: [log] });
  t.after(async () => {
    await gateway.close();
    await server.stop();
  });
  return { url: gateway.url, server, log };
}

/** Answers a sign-in. */
function admit(call: FaultCall | undefined): void {
  call?.answer(AuthenticateResponse.encode(AuthenticateResponse.create({ token: "t" })).finish());
}

describe("signing in", () => {
  it("is for so many at a time; others are told to come back, and other calls go on", async (t) => {
    const { url, server, log } = await setUp(t);
    const first = [post(`${url}/v3/auth/authenticate`, signIn), post(`${url}/v3beta/auth/authenticate`, signIn)];
    await server.reached(AUTHENTICATE, 2);
    for (const [index, prefix] of ["/v3", "/v3alpha"].entries()) {
      const rejected = await post(`${url}${prefix}/auth/authenticate`, signIn);
      assert.equal(rejected.status, 429);
      assert.equal(at(rejected.json, "code"), 8);
      assert.equal(rejected.headers["retry-after"], "1");
      assert.equal((await log.end(index)).rejected, "overload");
    }
    assert.equal((await post(`${url}/v3/kv/range`, { key: base64("a") })).status, 200);
    for (const call of server.calls) if (call.path === AUTHENTICATE) admit(call);
    for (const { status } of await Promise.all(first)) assert.equal(status, 200);
    assert.equal(server.count(AUTHENTICATE), 2);
    const next = post(`${url}/v3/auth/authenticate`, signIn);
    await server.reached(AUTHENTICATE, 3);
    admit(server.calls.at(-1));
    assert.equal(at((await next).json, "token"), "t");
  });

  it("takes its place until etcd has responded, whoever waits for it", async (t) => {
    const { url, server } = await setUp(t);
    const gone = postStream(`${url}/v3/auth/authenticate`, signIn);
    await server.reached(AUTHENTICATE, 1);
    gone.abort();
    const hurried = await post(`${url}/v3/auth/authenticate`, signIn, { "Grpc-Timeout": "200m" });
    assert.equal(hurried.status, 504);
    assert.equal((await post(`${url}/v3/auth/authenticate`, signIn)).status, 429);
    for (const call of server.calls) {
      assert.ok(!call.stream.closed);
      admit(call);
      await call.closed;
    }
    const next = post(`${url}/v3/auth/authenticate`, signIn);
    await server.reached(AUTHENTICATE, 3);
    admit(server.calls.at(-1));
    assert.equal((await next).status, 200);
  });

  it("has a limit that can be kept", () => {
    for (const maxSignIns of [0, -1, 1.5, Number.NaN]) {
      assert.throws(
        () => etcdGateway({ channel: TEST_CHANNEL, endpoints: ["127.0.0.1:2379"], limits: { maxSignIns } }),
        /invalid limits.maxSignIns/,
      );
    }
  });

  it("does not hold up a real etcd when hundreds guess", async (t) => {
    const etcd = await startEtcd();
    const gateway = await startGateway({ endpoints: [etcd.endpoint], limits: { maxSignIns: 4 } });
    t.after(async () => {
      await gateway.close();
      await etcd.stop();
    });
    const call = (path: string, body: unknown) => post(`${gateway.url}/v3/${path}`, body);
    await call("auth/user/add", { name: "root", password: "secret" });
    await call("auth/user/grant", { user: "root", role: "root" });
    assert.equal((await call("auth/enable", {})).status, 200);
    const guesses = await Promise.all(Array.from({ length: 300 }, () => call("auth/authenticate", signIn)));
    const statuses = new Set(guesses.map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [400, 429]);
    assert.equal((await call("auth/authenticate", { name: "root", password: "secret" })).status, 200);
  });
});
