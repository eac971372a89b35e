import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { createChannel, RpcError, streamJson } from "@etcd-gateway/client";
import { json, POST, type Respond, serve } from "../responding-server.js";

describe("streams", { timeout: 60_000 }, () => {
  async function messages(...args: Parameters<typeof streamJson>): Promise<unknown[]> {
    const seen: unknown[] = [];
    try {
      for await (const message of streamJson(...args)) seen.push(message);
    } catch (error) {
      assert.ok(error instanceof RpcError);
      seen.push(error.code, error.rawMessage);
    }
    return seen;
  }

  test("are read however their bytes are cut, to the digit", async (t) => {
    const text = '{"result":{"a":9007199254740993,"b":"ü😀"}}\n\n{"result":null}\r\n{"result":-0.0}';
    const expected = ['{"a":9007199254740993,"b":"ü😀"}', "null", "-0.0"];
    for (const size of [1, 2, 3, 7, 1000]) {
      const { baseUrl } = await serve(t, async (res) => {
        const bytes = Buffer.from(text);
        for (let i = 0; i < bytes.length; i += size) {
          await new Promise((resolve) => res.write(bytes.subarray(i, i + size), resolve));
        }
        res.end();
      });
      assert.deepEqual(await messages(createChannel({ baseUrl }), POST), expected);
    }
  });

  test("end well only if they were ended", async (t) => {
    for (const [respond, expected] of [
      [(res) => res.end('{"result":1}\n{"error":{"code":5,"message":"gone"}}\n'), ["1", 5, "gone"]],
      [
        (res) => res.end('{"error":{"grpc_code":11,"http_code":400,"message":"m","http_status":"Bad Request"}}\n'),
        [11, "m"],
      ],
      [(res) => res.end('{"result":1}\n{"result":{"a"'), ["1", 14, "the stream ended in the middle of a message"]],
      [(res) => res.end('{"what":1}\n'), [13, 'the server sent an invalid line in a stream: {"what":1}']],
      [json(404, { error: { code: 5, message: "there is none" } }), [5, "there is none"]],
    ] as const satisfies readonly (readonly [Respond, readonly unknown[]])[]) {
      const { baseUrl } = await serve(t, respond);
      assert.deepEqual(await messages(createChannel({ baseUrl }), POST), expected);
    }
    const { baseUrl } = await serve(t, (res) => {
      res.write('{"result":1}\n', () => res.destroy());
    });
    assert.deepEqual((await messages(createChannel({ baseUrl }), POST)).slice(0, 2), ["1", 14]);
  });

  test("fail at a message that is too long", async (t) => {
    const { baseUrl } = await serve(t, (res) => res.end(`{"result":"${"x".repeat(2000)}"}\n`));
    const channel = createChannel({ baseUrl, receiveBuffer: 1000 });
    assert.deepEqual(await messages(channel, POST), [8, "a message is longer than 1000 bytes"]);
  });

  test("hold the server back while nobody reads, and let it go when the loop is left", async (t) => {
    let sent = 0;
    let isLeft: Promise<unknown> = Promise.resolve();
    const line = `{"result":"${"x".repeat(65_536)}"}\n`;
    const { baseUrl } = await serve(t, async (res) => {
      isLeft = once(res, "close");
      res.on("close", () => res.emit("drain"));
      while (!res.destroyed) {
        sent += 1;
        if (!res.write(line)) await once(res, "drain");
      }
    });
    const stream = streamJson(createChannel({ baseUrl }), POST);
    await stream.next();
    // The server stops at what the system's buffers hold. On the same machine, what is written can be read at once: if
    // nothing has happened for many turns of the event loop, nothing will.
    for (let before = sent, idle = 0; idle < 200; idle = sent === before ? idle + 1 : 0) {
      before = sent;
      await new Promise(setImmediate);
    }
    assert.ok(sent < 2000, `${sent} messages were sent`);
    const before = sent;
    for (let i = 0; i < before + 10; i++) assert.equal((await stream.next()).done, false);
    assert.ok(sent > before);
    await stream.return?.();
    assert.equal((await stream.next()).done, true);
    await isLeft;
  });
});
