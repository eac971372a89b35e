import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type EtcdGateway, etcdGateway, GatewayError } from "../../runtime/etcd/index.js";
import { type EtcdServer, startEtcd } from "../etcd/server.js";

describe("the client of an etcd gateway", () => {
  let etcd: EtcdServer;
  let gateway: EtcdGateway;
  before(async () => {
    etcd = await startEtcd();
    gateway = etcdGateway({ endpoints: [etcd.endpoint] });
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
    const watching = gateway.client.watch.watch();
    await watching.send({ request_union: { $case: "create_request", value: create("watched") } });
    for await (const { created, events } of watching) {
      if (created) await gateway.client.kv.put({ key: Buffer.from("watched"), value: Buffer.from("1") });
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

  it("fails once the gateway is closed", async () => {
    const closed = etcdGateway({ endpoints: [etcd.endpoint] });
    await closed.close();
    await assert.rejects(closed.client.kv.range({ key: Buffer.from("foo") }), { code: 14 });
  });
});

function create(key: string): {
  key: Buffer;
  range_end: Buffer;
  start_revision: bigint;
  progress_notify: boolean;
  filters: [];
  prev_kv: boolean;
  watch_id: bigint;
  fragment: boolean;
} {
  return {
    key: Buffer.from(key),
    range_end: Buffer.alloc(0),
    start_revision: 0n,
    progress_notify: false,
    filters: [],
    prev_kv: false,
    watch_id: 0n,
    fragment: false,
  };
}
