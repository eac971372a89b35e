import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { callJson, createChannel, streamJson } from "@etcd-gateway/client";
import { POST, serve } from "../responding-server.js";

describe("the end of a call", { timeout: 60_000 }, () => {
  test("by deadline or abort reaches the server, in whatever state the call is", async (t) => {
    for (const begins of [false, true]) {
      for (const make of [callJson, streamOnce]) {
        const closed: Promise<unknown>[] = [];
        let onRequest = (): void => {};
        const { baseUrl } = await serve(t, (res) => {
          closed.push(once(res, "close"));
          if (begins) res.writeHead(200).write('{"result":');
          onRequest();
        });
        const channel = createChannel({ baseUrl });
        await assert.rejects(make(channel, POST, { timeout: 100 }), { code: 4, rpc: "x.X.Post" });
        const controller = new AbortController();
        onRequest = () => controller.abort("enough");
        const { signal } = controller;
        await assert.rejects(make(channel, POST, { signal }), { code: 1, cause: "enough" });
        await Promise.all(closed);
        const { length } = closed;
        await assert.rejects(make(channel, POST, { signal }), { code: 1 });
        assert.equal(closed.length, length);
      }
    }
  });

  async function streamOnce(...args: Parameters<typeof streamJson>): Promise<unknown> {
    return await streamJson(...args).next();
  }
});
