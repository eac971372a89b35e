import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type ChannelOptions,
  Code,
  callJson,
  createChannel,
  RpcError,
  socketJson,
  streamJson,
} from "@etcd-gateway/client";
import { etcdClient, keepAlive, watch } from "etcd-gateway/client";
import { WebSocket } from "ws";
import { GET } from "../responding-server.js";

const never = (): Promise<never> => new Promise(() => {});
const baseUrl = "http://127.0.0.1:1";

/** Functions of an app that do not know the signal of the call, and never settle. */
const functions: Readonly<Record<string, Partial<ChannelOptions>>> = {
  token: { token: never },
  headers: { headers: never },
  fetch: { fetch: never },
  "a body of fetch": { fetch: async () => new Response(new ReadableStream()) },
  "the body of an error": { fetch: async () => new Response(new ReadableStream(), { status: 500 }) },
};

for (const [name, options] of Object.entries(functions)) {
  describe(`a call whose ${name} never settles`, { timeout: 60_000 }, () => {
    const channel = createChannel({ baseUrl, ...options });
    const etcd = etcdClient({ baseUrl, ...options });
    const soon = (): AbortSignal => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      return controller.signal;
    };

    test("ends at its deadline", async () => {
      await assert.rejects(callJson(channel, GET, { timeout: 20 }), { code: Code.DEADLINE_EXCEEDED });
      await assert.rejects(streamJson(channel, GET, { timeout: 20 }).next(), { code: Code.DEADLINE_EXCEEDED });
    });

    test("ends at an abort", async () => {
      await assert.rejects(callJson(channel, GET, { signal: soon() }), { code: Code.CANCELLED });
      await assert.rejects(streamJson(channel, GET, { signal: soon() }).next(), { code: Code.CANCELLED });
      await keepAlive(etcd.lease, 5n, { signal: soon() });
      for await (const _ of watch(etcd.watch, { key: "a" }, { signal: soon() })) assert.fail();
    });

    test("ends when its reader leaves", async () => {
      for (const stream of [streamJson(channel, GET), watch(etcd.watch, { key: "a" })]) {
        const next = stream.next();
        await new Promise(setImmediate);
        await stream.return?.();
        assert.equal((await next).done, true);
      }
    });
  });
}

test("a function that fails after its call has ended does not end the process", { timeout: 60_000 }, async () => {
  let fail: (error: Error) => void = () => {};
  const token = () => new Promise<string>((_, reject) => (fail = reject));
  await assert.rejects(callJson(createChannel({ baseUrl, token }), GET, { timeout: 20 }), RpcError);
  fail(new Error("too late"));
  await new Promise(setImmediate);
});

test("a WebSocket whose token never settles ends its senders, too", { timeout: 60_000 }, async () => {
  const call = socketJson(createChannel({ baseUrl, token: never, WebSocket }), { path: "/v1/x" }, { timeout: 20 });
  await call.send("{}");
  await assert.rejects(async () => call[Symbol.asyncIterator]().next(), { code: Code.DEADLINE_EXCEEDED });
});
