// On a busy machine this takes over a minute: each request is cut off at each of its bytes, over both channels.
import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { Status } from "../../../runtime/core/errors/status.js";
import { handshake, post } from "../../attacks/raw-connection.js";
import { startGateway } from "../../e2e/gateway.js";
import { type FaultCall, startFaultServer } from "../../faults/fault-server.js";
import { CHANNELS } from "../transport/channels.js";
import { CallLog } from "./call-log.js";

/** What a server does to a call, in turns. */
const FAULTS: readonly ((call: FaultCall) => void)[] = [
  (call) => call.answer(Buffer.alloc(0)),
  (call) => call.end(5, "none"),
  (call) => call.reset(constants.NGHTTP2_CANCEL),
  (call) => call.answerHttp(502, "bad gateway"),
  (call) => void call.sendRaw(Buffer.from([0, 0, 0])),
  (call) => call.answer(Buffer.from([0x0a, 0xff])),
  (call) => call.cut(),
  () => {},
];

/** What clients begin with; each is cut off at any of its bytes. */
const REQUESTS: Readonly<Record<string, string>> = {
  "a unary call": post("/v3/kv/range", '{"key":"YQ=="}'),
  "a stream": post("/v3/watch", '{"create_request":{"key":"YQ=="}}', "Accept: text/event-stream"),
  "pipelined calls": post("/v3/kv/range", "{}") + post("/v3/none", "{}") + post("/v3/kv/put", "{"),
  "a WebSocket": `${handshake("/v3/watch")}\x81\x85\x00\x00\x00\x00{"a":`,
  "a rejected call": post("/v3/kv/range", "{}", "Origin: http://evil.example"),
};

/** Sends some bytes, waits a little of the event loop's time for what comes of it, and leaves: by a FIN, or by a reset. */
async function sendAndLeave(port: number, bytes: string, number: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.on("data", () => {});
  const closed = once(socket, "close");
  await once(socket, "connect");
  socket.write(bytes, "latin1");
  for (let turns = number % 4; turns > 0; turns--) await new Promise(setImmediate);
  if (number % 3 === 0) socket.resetAndDestroy();
  else if (number % 3 === 1) socket.destroy();
  else {
    socket.end();
    // A call that never gets a response would keep it open.
    setTimeout(() => socket.destroy(), 20);
  }
  await closed;
}

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    test("each call ends once, whatever clients and servers do", { timeout: 240_000 }, async (t) => {
      const server = await startFaultServer();
      let calls = 0;
      for (const path of ["/etcdserverpb.KV/Range", "/etcdserverpb.KV/Put", "/etcdserverpb.Watch/Watch"]) {
        server.handle(path, (call) => FAULTS[calls++ % FAULTS.length]?.(call));
      }
      const log = new CallLog();
      const gateway = await startGateway({
        channel,
        endpoints: [server.endpoint],
        observers: [log],
        limits: { maxInFlight: 4, maxStreams: 4 },
        timeouts: { unary: 50, connect: 50, resume: 100, body: 50 },
      });
      t.after(() => server.stop());
      const port = Number(new URL(gateway.url).port);

      for (const bytes of Object.values(REQUESTS)) {
        for (let length = 1; length <= bytes.length; length += 32) {
          const cuts = Array.from({ length: 32 }, (_, i) => Math.min(length + i, bytes.length));
          await Promise.all(cuts.map((cut) => sendAndLeave(port, bytes.slice(0, cut), cut)));
        }
      }
      // Some stay, until the gateway closes.
      const sockets = Array.from({ length: 3 }, () => {
        const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/v3/watch`);
        socket.on("error", () => {});
        socket.on("open", () => socket.send('{"create_request":{}}'));
        return once(socket, "close");
      });
      // Some clients are as they should be, until everything has been seen.
      const ask = async (path: string, body: string, headers = {}): Promise<void> => {
        await (await fetch(`${gateway.url}/v3/${path}`, { method: "POST", body, headers })).text();
      };
      const outcomes = (): readonly unknown[] => log.ended.map(({ rejected, code }) => rejected ?? code);
      const isMissing = (outcome: unknown): boolean => !outcomes().includes(outcome);
      const wanted = [Status.OK, Status.NOT_FOUND, "bad-request", "not-found", "browser-guard"];
      for (let tries = 0; tries < 100 && wanted.some(isMissing); tries++) {
        await ask("kv/range", "{}");
        await ask("kv/put", "{");
        await ask("none", "{}");
        await ask("kv/range", "{}", { Origin: "http://evil.example" });
      }
      assert.deepEqual(wanted.filter(isMissing), []);
      await gateway.close();
      await Promise.all(sockets);
      await log.until(() => log.underWay === 0);
      // A second end of a call would follow at once.
      for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate);
      assert.equal(log.ended.length, log.started.length);
      assert.equal(new Set(log.ended).size, log.ended.length);
      assert.deepEqual(log.faults, []);
      assert.ok(outcomes().includes(Status.CANCELLED));
      assert.ok(log.ended.length > 200, String(log.ended.length));
    });
  });
}
