import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { WatchCreateRequest } from "../../generated/index.js";
import { type EtcdGateway, etcdGateway, GatewayError } from "../../runtime/etcd/index.js";
import { TEST_CHANNEL } from "../core/transport/channels.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";

describe("the client of an etcd gateway", () => {
  let etcd: EtcdServer;
  let gateway: EtcdGateway;
  before(async () => {
    etcd = await startEtcd();
    gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint] });
  });
  after(async () => {
    await gateway.close();
    await etcd.stop();
  });

  it("reads what it wrote, as typed messages", async () => {
    const { client } = gateway;
    await client.kv.put({ key: Buffer.from("foo"), value: Buffer.from("bar") });
    const { kvs, count } = await client.kv.range({ key: Buffer.from("foo") });
    assert.equal(count, 1n);
    assert.equal(Buffer.from(kvs[0]?.value ?? []).toString(), "bar");
  });

  it("watches", async () => {
    const key = Buffer.from("watched");
    const watching = gateway.client.watch.watch();
    await watching.send({ request_union: { $case: "create_request", value: WatchCreateRequest.create({ key }) } });
    for await (const { created, events } of watching) {
      if (created) await gateway.client.kv.put({ key, value: Buffer.from("1") });
      if (events.length > 0) {
        assert.equal(Buffer.from(events[0]?.kv?.key ?? []).toString(), "watched");
        break;
      }
    }
  });

  it("throws etcd's errors", async () => {
    await assert.rejects(
      gateway.client.lease.leaseRevoke({ ID: 7n }),
      (error) => error instanceof GatewayError && error.code === 5 && /lease not found/.test(error.message),
    );
  });

  it("waits for a lock and in an election for as long as it takes", async () => {
    const hasty = etcdGateway({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint], timeouts: { unary: 200 } });
    const { lock, election } = hasty.client;
    // What does not wait has the time that it needs.
    const { lease, lock: patientLock, election: patientElection } = gateway.client;
    const [name, value] = [Buffer.from("door"), Buffer.from("me")];
    const grant = async () => (await lease.leaseGrant({ TTL: 60n })).ID;
    const [a, b, c] = [await grant(), await grant(), await grant()];
    const [first, leader] = await Promise.all([
      lock.lock({ name, lease: a }),
      election.campaign({ name, value, lease: a }),
    ]);
    const second = lock.lock({ name, lease: b });
    const other = election.campaign({ name, value, lease: b });
    await assert.rejects(lock.lock({ name, lease: c }, { timeout: 100 }), { code: 4 });
    // Longer than the time limit of other calls, which must not end these.
    await delay(300);
    await patientLock.unlock({ key: first.key });
    if (leader.leader !== undefined) await patientElection.resign({ leader: leader.leader });
    assert.match(Buffer.from((await second).key).toString(), /^door\//);
    assert.deepEqual(Buffer.from((await other).leader?.name ?? []), name);
    await hasty.close();
  });

  it("fails once the gateway is closed", async () => {
    const closed = etcdGateway({ channel: TEST_CHANNEL, endpoints: [etcd.endpoint] });
    await closed.close();
    await assert.rejects(closed.client.kv.range({ key: Buffer.from("foo") }), { code: 14 });
  });
});
