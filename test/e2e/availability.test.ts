import assert from "node:assert/strict";
import { test } from "node:test";
import { CHANNELS } from "../core/transport/channels.js";
import { freePorts } from "../etcd-server/free-ports.js";
import { startCluster, startEtcd } from "../etcd-server/server.js";
import { at, base64, result } from "../http/etcd-json.js";
import { postStream } from "../http/json-stream.js";
import { post } from "../http/requests.js";
import { startGateway } from "./gateway.js";

const anyKey = { key: base64("a"), value: base64("1") };

test("etcd down is 503 within the connect timeout; etcd back is served again", async () => {
  const etcd = await startEtcd();
  const gateway = await startGateway({ endpoints: [etcd.endpoint], timeouts: { connect: 5_000 } });
  try {
    assert.deepEqual(result(await post(`${gateway.url}/v3/kv/put`, anyKey)), {});
    await etcd.kill("SIGKILL");
    for (let i = 0; i < 2; i++) {
      // Not by its own deadline, which would be 504.
      const { status, json } = await post(`${gateway.url}/v3/kv/range`, anyKey);
      assert.deepEqual([status, at(json, "code")], [503, 14]);
    }
    await etcd.restart();
    assert.equal(at((await post(`${gateway.url}/v3/kv/range`, anyKey)).json, "count"), "1");
  } finally {
    await gateway.close();
    await etcd.stop();
  }
});

test("etcd that is stopped does not hold a request beyond its Grpc-Timeout", async () => {
  const etcd = await startEtcd();
  const gateway = await startGateway({ endpoints: [etcd.endpoint] });
  try {
    await post(`${gateway.url}/v3/kv/put`, anyKey);
    await etcd.kill("SIGSTOP");
    const range = () => post(`${gateway.url}/v3/kv/range`, anyKey, { "Grpc-Timeout": "300m" });
    let answer = await range();
    // The threads of a process do not all stop in the moment of the signal.
    while (answer.status === 200) answer = await range();
    assert.deepEqual([answer.status, at(answer.json, "code")], [504, 4]);
    await etcd.kill("SIGCONT");
    assert.equal(at((await post(`${gateway.url}/v3/kv/range`, anyKey)).json, "count"), "1");
  } finally {
    await gateway.close();
    await etcd.stop();
  }
});

test("of two endpoints one is down: every call goes on", async () => {
  const etcd = await startEtcd();
  const [nobody] = await freePorts(1);
  const gateway = await startGateway({ endpoints: [`127.0.0.1:${nobody}`, etcd.endpoint] });
  try {
    for (let i = 0; i < 20; i++) assert.deepEqual(result(await post(`${gateway.url}/v3/kv/put`, anyKey)), {});
  } finally {
    await gateway.close();
    await etcd.stop();
  }
});

for (const channel of CHANNELS) {
  test(`of three members one is stopped: reads go on, and so do writes but those that wait for it, over ${channel}`, async () => {
    const cluster = await startCluster(3);
    const metrics = await Promise.all(cluster.members.map((member) => member.metrics()));
    // Without the leader nothing goes on, whoever asks.
    const stopped = cluster.members[metrics.findIndex((values) => values.get("etcd_server_is_leader") === 0)];
    assert.ok(stopped !== undefined);
    // Long enough for a busy machine, so that what fails does so because of the stopped member.
    const gateway = await startGateway({ channel, endpoints: cluster.endpoints, timeouts: { unary: 120_000 } });

    /** Makes requests, each after the response to the one before. */
    async function client(path: string, requests: number): Promise<void> {
      for (let i = 0; i < requests; i++) {
        assert.equal((await post(`${gateway.url}${path}`, anyKey)).status, 200);
      }
    }
    try {
      await client("/v3/kv/put", 30);
      await stopped.kill("SIGSTOP");
      // Of these some go to the stopped member, and wait there until the ping ends them.
      const writes = Array.from({ length: 6 }, () => post(`${gateway.url}/v3/kv/put`, anyKey));
      await Promise.all([1, 2, 3].map(() => client("/v3/kv/range", 50)));
      const statuses = (await Promise.all(writes)).map(({ status }) => status);
      assert.ok(
        statuses.every((status) => status === 200 || status === 503),
        `${statuses}`,
      );
      assert.ok(statuses.includes(200));
      // By now it is known which of them does not respond.
      await client("/v3/kv/put", 20);
    } finally {
      await stopped.kill("SIGCONT");
      await gateway.close();
      await cluster.stop();
    }
  });
}

test("a watch whose etcd dies, or whose gateway closes, ends with an error", async () => {
  const etcd = await startEtcd();
  const gateway = await startGateway({ endpoints: [etcd.endpoint], timeouts: { resume: 500 } });
  const watch = async () => {
    const stream = postStream(`${gateway.url}/v3/watch`, { create_request: { key: base64("a") } });
    assert.equal(at(await stream.next(), "result", "created"), true);
    return stream;
  };
  const bereft = await watch();
  await etcd.kill("SIGKILL");
  assert.equal(at(await bereft.next(), "error", "code"), 14);
  assert.deepEqual(await bereft.rest(), []);
  await etcd.restart();
  const dismissed = await watch();
  await gateway.close();
  assert.equal(at(await dismissed.next(), "error", "code"), 14);
  assert.deepEqual(await dismissed.rest(), []);
  await etcd.stop();
});

test("a member that is killed under writers: no write is lost that was acknowledged, and none is done twice", async () => {
  const cluster = await startCluster(3);
  const gateway = await startGateway({ endpoints: cluster.endpoints });
  try {
    const acknowledged = new Set<string>();
    let failed = 0;
    let isWriting = true;
    async function writer(name: number): Promise<void> {
      for (let i = 0; isWriting; i++) {
        const key = base64(`writer/${name}/${i}`);
        const { status } = await post(`${gateway.url}/v3/kv/put`, { key });
        if (status === 200) acknowledged.add(key);
        else failed++;
      }
    }
    const until = async (isSo: () => boolean) => {
      while (!isSo()) await post(`${gateway.url}/v3/kv/range`, anyKey);
    };
    const writers = Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)));
    for (const member of cluster.members) {
      const before = acknowledged.size;
      await until(() => acknowledged.size > before + 100);
      await member.kill("SIGKILL");
      const after = acknowledged.size;
      await until(() => acknowledged.size > after + 100);
      await member.restart();
    }
    isWriting = false;
    await writers;

    const range = { key: base64("writer/"), range_end: base64("writer0") };
    const { kvs } = Object((await post(`${gateway.url}/v3/kv/range`, range)).json);
    const stored = new Map<string, string>(kvs.map((kv: unknown) => [at(kv, "key"), at(kv, "version")]));
    assert.deepEqual(
      [...acknowledged].filter((key) => !stored.has(key)),
      [],
    );
    assert.deepEqual(
      [...stored].filter(([, version]) => version !== "1"),
      [],
    );
    assert.ok(failed < acknowledged.size / 2, `${failed} writes failed, ${acknowledged.size} did not`);
  } finally {
    await gateway.close();
    await cluster.stop();
  }
});
