import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LeaseKeepAliveResponse, SnapshotResponse, WatchResponse } from "etcd-gateway/generated";
import { CHANNELS } from "../../core/transport/channels.js";
import { startGateway } from "../../e2e/gateway.js";
import { type FaultCall, type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { at, base64 } from "../../http/etcd-json.js";
import { postStream, type Stream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";
import { until } from "../../until.js";

const PATHS = {
  watch: "/etcdserverpb.Watch/Watch",
  keepAlive: "/etcdserverpb.Lease/LeaseKeepAlive",
  range: "/etcdserverpb.KV/Range",
  put: "/etcdserverpb.KV/Put",
  snapshot: "/etcdserverpb.Maintenance/Snapshot",
};
const CREATED = WatchResponse.encode(
  WatchResponse.fromPartial({ created: true, header: { cluster_id: 1n, revision: 3n } }),
).finish();
const BLOB = SnapshotResponse.encode(SnapshotResponse.fromPartial({ blob: Buffer.from("db") })).finish();
const RENEWED = LeaseKeepAliveResponse.encode(LeaseKeepAliveResponse.fromPartial({ TTL: 5n })).finish();

/** A member that votes. It holds unary calls for a moment, so that it has more calls than the learner. */
async function startVoter(): Promise<FaultServer> {
  const server = await startFaultServer();
  const eachWith = (response: Uint8Array) => async (call: FaultCall) => {
    for await (const _ of call.messages()) call.send(response);
    call.end(0);
  };
  server.handle(PATHS.watch, eachWith(CREATED));
  server.handle(PATHS.keepAlive, eachWith(RENEWED));
  server.handle(PATHS.snapshot, eachWith(BLOB));
  for (const path of [PATHS.range, PATHS.put]) {
    server.handle(path, async (call) => {
      await call.request();
      setTimeout(() => call.answer(Buffer.alloc(0)), 5);
    });
  }
  return server;
}

async function startLearner(): Promise<FaultServer> {
  const server = await startFaultServer();
  for (const path of Object.values(PATHS)) {
    server.handle(path, (call) => call.end(14, "etcdserver: rpc not supported for learner"));
  }
  return server;
}

for (const channel of CHANNELS) {
  describe(`learners among the endpoints, which have the fewest calls because they fail them, over ${channel}`, () => {
    test("lose no call: it goes on at a member that votes, a write too", async (t) => {
      const learners = [await startLearner(), await startLearner()];
      const voters = [await startVoter(), await startVoter()];
      const servers = [...learners, ...voters];
      t.after(() => Promise.all(servers.map((server) => server.stop())));
      const gateway = await startGateway({ channel, endpoints: servers.map(({ endpoint }) => endpoint) });
      t.after(() => gateway.close());
      const key = { key: base64("a") };

      const watches: Stream[] = [];
      for (let i = 0; i < 8; i++) {
        const watch = postStream(`${gateway.url}/v3/watch`, { create_request: key });
        watches.push(watch);
        assert.equal(at(await watch.next(), "result", "created"), true);
      }
      t.after(() => watches.forEach((watch) => void watch.abort()));
      for (let i = 0; i < 3; i++) {
        assert.equal((await post(`${gateway.url}/v3/lease/keepalive`, { ID: "1" })).status, 200);
      }
      const snapshot = postStream(`${gateway.url}/v3/maintenance/snapshot`, {});
      assert.equal(at(await snapshot.next(), "result", "blob"), base64("db"));

      const clients = Array.from({ length: 10 }, async () => {
        const statuses = [];
        for (let i = 0; i < 5; i++) {
          statuses.push((await post(`${gateway.url}/v3/kv/range`, key)).status);
          statuses.push((await post(`${gateway.url}/v3/kv/put`, key)).status);
        }
        return statuses;
      });
      assert.deepEqual([...new Set((await Promise.all(clients)).flat())], [200]);
      for (const learner of learners) assert.ok(learner.calls.length > 0);

      // The watches of a member that goes away move to the other one, whatever the learner says.
      const [leaver, other] = voters;
      assert.ok(leaver !== undefined && other !== undefined);
      const moved = other.count(PATHS.watch) + leaver.count(PATHS.watch);
      await leaver.stop();
      await until(() => other.count(PATHS.watch) >= moved, "the watches are at the other member");
    });
  });
}
