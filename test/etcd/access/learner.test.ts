import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { etcdGateway } from "etcd-gateway";
import { AuthenticateResponse } from "etcd-gateway/generated";
import { CHANNELS } from "../../core/transport/channels.js";
import { startFaultServer } from "../../faults/fault-server.js";

const AUTHENTICATE = "/etcdserverpb.Auth/Authenticate";
const RANGE = "/etcdserverpb.KV/Range";
const credentials = { user: "root", password: "secret" };

for (const channel of CHANNELS) {
  describe(`a sign-in of the gateway's own user, while a learner has the fewest calls, over ${channel}`, () => {
    test("goes on at a member that votes", async (t) => {
      const [learner, voter] = [await startFaultServer(), await startFaultServer()];
      t.after(() => Promise.all([learner.stop(), voter.stop()]));
      for (const path of [AUTHENTICATE, RANGE]) {
        learner.handle(path, (call) => call.end(14, "etcdserver: rpc not supported for learner"));
      }
      let token = "held";
      voter.handle(AUTHENTICATE, async (call) => {
        await call.request();
        call.answer(AuthenticateResponse.encode(AuthenticateResponse.fromPartial({ token })).finish());
      });
      voter.handle(RANGE, async (call) => {
        await call.request();
        if (call.headers["token"] !== "held") call.answer(Buffer.alloc(0));
      });
      const gateway = etcdGateway({
        channel,
        endpoints: [learner.endpoint, voter.endpoint],
        access: { credentials },
      });
      t.after(() => gateway.close(0));
      const range = () => gateway.client.kv.range({ key: Buffer.from("a") });

      const held = Array.from({ length: 5 }, () => range().catch(() => undefined));
      await voter.reached(RANGE, held.length);
      token = "served";
      gateway.setCredentials(credentials);
      const before = learner.count(AUTHENTICATE);
      assert.deepEqual((await range()).kvs, []);
      assert.ok(learner.count(AUTHENTICATE) > before);
    });
  });
}
