import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { RangeResponse, WatchResponse } from "../../generated/index.js";
import { CHANNELS } from "../core/transport/channels.js";
import { startGateway, type TestGateway } from "../e2e/gateway.js";
import { CommandProcess } from "../etcd/command/command-process.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { at, base64 } from "../http/etcd-json.js";
import { postStream, Stream } from "../http/json-stream.js";
import { post } from "../http/requests.js";
import { until } from "../until.js";
import { frame, startFaultServer } from "./fault-server.js";

const CREATE = { create_request: { key: base64("a") } };

describe("streams to a real etcd", () => {
  let etcd: EtcdServer;
  let gateway: TestGateway;
  before(async () => {
    etcd = await startEtcd();
    gateway = await startGateway({ endpoints: [etcd.endpoint] });
  });
  after(async () => {
    await gateway.close();
    await etcd.stop();
  });

  it("leave nothing behind when a thousand clients go away, in whatever way", async () => {
    const gauges = async (): Promise<(number | undefined)[]> => {
      const metrics = await etcd.metrics();
      return ["watch_stream_total", "watcher_total", "slow_watcher_total"].map((name) =>
        metrics.get(`etcd_debugging_mvcc_${name}`),
      );
    };
    const url = `${gateway.url}/v3/watch`;
    const ways: readonly (() => Promise<void>)[] = [
      // A response that is read.
      async () => {
        const stream = postStream(url, CREATE);
        assert.equal(at(await stream.next(), "result", "created"), true);
        stream.abort();
      },
      // A response that nobody reads.
      async () => {
        const stream = postStream(url, CREATE);
        await stream.status();
        stream.abort();
      },
      // In the middle of the upload, behind a watch.
      async () => {
        const stream = new Stream(url);
        stream.write(CREATE);
        stream.write('{"create_request":{"key"');
        assert.equal(at(await stream.next(), "result", "created"), true);
        stream.abort();
      },
      // At once, when the watch may not be there yet.
      async () => {
        const stream = postStream(url, CREATE);
        await delay(Math.random() * 5);
        stream.abort();
      },
      // By a WebSocket, without a word.
      async () => {
        const socket = new WebSocket(url.replace("http", "ws"));
        await once(socket, "open");
        socket.send(JSON.stringify(CREATE));
        await once(socket, "message");
        socket.terminate();
      },
    ];
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => ways[i % ways.length]?.()));
    }
    await until(async () => (await gauges()).every((gauge) => gauge === 0), "etcd has no streams and watches");
    const { status } = await post(`${gateway.url}/v3/kv/range`, { key: base64("a") });
    assert.equal(status, 200);
  });

  it("a snapshot is whole though its reader is slow, and never ends well if it is not", async () => {
    const value = base64(Buffer.alloc(1 << 20, "x"));
    for (let i = 0; i < 40; i++) await post(`${gateway.url}/v3/kv/put`, { key: base64(`big/${i}`), value });

    const slow = postStream(`${gateway.url}/v3/maintenance/snapshot`, {});
    const hash = createHash("sha256");
    let tail = Buffer.alloc(0);
    let size = 0;
    for (let message = await slow.next(); message !== undefined; message = await slow.next()) {
      const bytes = Buffer.concat([tail, Buffer.from(String(at(message, "result", "blob")), "base64")]);
      hash.update(bytes.subarray(0, -32));
      tail = bytes.subarray(-32);
      size += bytes.length;
      if (Math.random() < 0.02) await delay(20);
    }
    assert.ok(size > 40 << 20);
    assert.equal(tail.toString("hex"), hash.digest("hex"));

    const cut = postStream(`${gateway.url}/v3/maintenance/snapshot`, {});
    assert.ok(at(await cut.next(), "result", "blob"));
    await etcd.kill("SIGKILL");
    const messages = await cut.rest();
    assert.equal(at(messages.at(-1), "error", "code"), 14);
    await etcd.restart();
  });
});

it("a gateway that is killed leaves its streams without an end, which their clients notice", async () => {
  const server = await startFaultServer();
  server.handle("/etcdserverpb.Watch/Watch", (call) => {
    call.send(WatchResponse.encode(WatchResponse.create({ created: true })).finish());
  });
  const command = new CommandProcess(["--endpoints", server.endpoint, "--listen", "127.0.0.1:0"]);
  try {
    const outgoing = request(`${await command.url()}/v3/watch`, { method: "POST", agent: false });
    outgoing.end(JSON.stringify(CREATE));
    const [response] = await once(outgoing, "response");
    await once(response, "data");
    const broken = once(response, "error");
    await command.stop("SIGKILL");
    assert.equal((await broken)[0].code, "ECONNRESET");
    assert.equal(response.complete, false);
  } finally {
    await command.stop("SIGKILL");
    await server.stop();
  }
});

it("a gateway that is told to stop responds to all calls in progress, ends all streams, and is gone", async () => {
  const RANGE = "/etcdserverpb.KV/Range";
  const server = await startFaultServer();
  server.handle("/etcdserverpb.Watch/Watch", (call) => {
    call.send(WatchResponse.encode(WatchResponse.create({ created: true })).finish());
  });
  server.handle(RANGE, () => {});
  const command = new CommandProcess(["--endpoints", server.endpoint, "--listen", "127.0.0.1:0"]);
  try {
    const url = await command.url();
    const watches = Array.from({ length: 100 }, () => postStream(`${url}/v3/watch`, CREATE));
    for (const watch of watches) assert.equal(at(await watch.next(), "result", "created"), true);
    const ranges = Array.from({ length: 100 }, () => post(`${url}/v3/kv/range`, CREATE));
    await server.reached(RANGE, 100);
    const ending = command.stop("SIGTERM");
    for (const watch of watches) {
      assert.equal(at(await watch.next(), "error", "code"), 14);
      assert.deepEqual(await watch.rest(), []);
    }
    const answer = RangeResponse.encode(RangeResponse.create({ count: "1" })).finish();
    for (const call of server.calls) if (call.path === RANGE) call.answer(answer);
    for (const { status } of await Promise.all(ranges)) assert.equal(status, 200);
    const { code, stderr } = await ending;
    assert.equal(code, 0, stderr);
  } finally {
    await command.stop("SIGKILL");
    await server.stop();
  }
});

for (const channel of CHANNELS) {
  it(`a watch whose response ends without a status is resumed, over ${channel}`, async () => {
    const server = await startFaultServer();
    const created = WatchResponse.encode(WatchResponse.create({ header: { revision: "7" }, created: true })).finish();
    server.handle("/etcdserverpb.Watch/Watch", (call) => {
      call.stream.resume();
      if (server.calls.length === 1) {
        call.stream.respond({ ":status": 200, "content-type": "application/grpc" });
        call.stream.end(frame(created));
        return;
      }
      call.send(created);
      call.send(
        WatchResponse.encode(
          WatchResponse.create({
            header: { revision: "8" },
            events: [{ kv: { key: Buffer.from("a"), mod_revision: "8", create_revision: "8", version: "1" } }],
          }),
        ).finish(),
      );
    });
    const gateway = await startGateway({ endpoints: [server.endpoint], channel });
    try {
      const watch = postStream(`${gateway.url}/v3/watch`, CREATE);
      assert.equal(at(await watch.next(), "result", "created"), true);
      assert.equal(at(await watch.next(), "result", "header", "revision"), "8");
      assert.equal(server.calls.length, 2);
      watch.abort();
    } finally {
      await gateway.close();
      await server.stop();
    }
  });
}
