import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { MESSAGES_PER_TURN } from "../../runtime/core/session/request-feed.js";
import type { FakeStream } from "../core/http/fake-transport.js";
import { serveSockets } from "../core/websocket/serve-sockets.js";
import { openSocket } from "../core/websocket/socket.js";

const MANY = 5_000;
const PATH = "/v1/notes/chat";

type Send = (t: TestContext, port: number) => Promise<void>;

/** Sends many messages and the end of the requests. */
const WAYS: readonly (readonly [name: string, send: Send])[] = [
  [
    "in a chunk of HTTP",
    async (_t, port) => {
      const req = request({ port, path: PATH, method: "POST" });
      req.on("error", () => {}).end("{}".repeat(MANY));
      await once(req, "socket");
    },
  ],
  [
    "in a chunk of HTTP each",
    async (_t, port) => {
      const req = request({ port, path: PATH, method: "POST" });
      req.on("error", () => {});
      for (let i = 0; i < MANY; i++) req.write("{}");
      req.end();
      await once(req, "socket");
    },
  ],
  [
    "in a frame of a WebSocket",
    async (t, port) => {
      const socket = await openSocket(t, port, PATH);
      socket.send("{}".repeat(MANY));
      socket.send("");
    },
  ],
  [
    "in a frame of a WebSocket each",
    async (t, port) => {
      const socket = await openSocket(t, port, PATH);
      for (let i = 0; i < MANY; i++) socket.send("{}");
      socket.send("");
    },
  ],
];

/** Waits until a call has all messages and their end. Returns the most messages of one turn of the event loop. */
async function mostPerTurn(call: FakeStream): Promise<number> {
  let most = 0;
  for (let before = call.waiting; before < MANY + 1; ) {
    await setImmediate();
    most = Math.max(most, call.waiting - before);
    before = call.waiting;
  }
  return most;
}

for (const [name, way] of WAYS) {
  describe(`many empty messages, ${name}`, () => {
    // Between two looks, the messages of one turn may pass before the turn ends, and those of the next one after it.
    const most = 2 * MESSAGES_PER_TURN + 1;

    test("leave turns of the event loop to others", async (t) => {
      const { transport, port } = await serveSockets(t);
      await way(t, port);
      const call = await transport.nextStream();
      t.after(() => call.finish());
      assert.ok(call.waiting <= most, `${call.waiting} messages at once`);
      const inTurn = await mostPerTurn(call);
      assert.ok(inTurn <= most, `${inTurn} messages in one turn`);
    });

    test("wait while the call takes no more", async (t) => {
      const { transport, port } = await serveSockets(t);
      transport.full = true;
      await way(t, port);
      const call = await transport.nextStream();
      t.after(() => call.finish());
      for (let turns = 0; turns < 10; turns++) await setImmediate();
      assert.equal(call.waiting, 1);
      call.drain();
      for (let before = 0; before < MANY; before++) assert.equal((await call.nextRequest())?.length, 0);
      assert.equal(await call.nextRequest(), undefined);
    });
  });
}
