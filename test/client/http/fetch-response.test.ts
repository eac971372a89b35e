import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callJson, createChannel } from "@etcd-gateway/client";
import { etcdClient } from "etcd-gateway/client";
import { GET, json, POST, type Respond, serve } from "../responding-server.js";

describe("repetition", { timeout: 60_000 }, () => {
  const busy =
    (after: number): Respond =>
    (res, req, count) =>
      (count <= after ? json(503, { code: 14, message: "busy" }) : json(200, { count }))(res, req, count);

  test("is for calls that change nothing, and ends", async (t) => {
    const twice = await serve(t, busy(2));
    assert.equal(await callJson(createChannel({ baseUrl: twice.baseUrl }), GET), '{"count":3}');
    const always = await serve(t, busy(99));
    await assert.rejects(callJson(createChannel({ baseUrl: always.baseUrl }), GET), { code: 14 });
    assert.equal(always.requests.length, 3);
    await assert.rejects(callJson(createChannel({ baseUrl: always.baseUrl }), POST), { code: 14 });
    assert.equal(always.requests.length, 4);
    await callJson(createChannel({ baseUrl: always.baseUrl }), GET, { retries: 0 }).catch(() => {});
    assert.equal(always.requests.length, 5);
    const named = createChannel({ baseUrl: (await serve(t, busy(1))).baseUrl, idempotent: [POST.rpc] });
    assert.equal(await callJson(named, POST), '{"count":2}');
  });

  test("is for etcd's reads and not for its writes, of a response that broke off too", async (t) => {
    const { baseUrl, requests } = await serve(t, (res, _req, count) => {
      if (count % 2 === 0) res.end("{}");
      else res.writeHead(200, { "content-length": 9 }).write("{", () => res.destroy());
    });
    const etcd = etcdClient({ baseUrl });
    await etcd.kv.range({});
    assert.equal(requests.length, 2);
    await assert.rejects(etcd.kv.put({}), { code: 14 });
    assert.equal(requests.length, 3);
  });

  test("stops at the deadline and at an abort", async (t) => {
    const { baseUrl } = await serve(t, json(503, {}, { "retry-after": "3600" }));
    const channel = createChannel({ baseUrl, retries: 1000 });
    await assert.rejects(callJson(channel, GET, { timeout: 200 }), { code: 4 });
    const signal = AbortSignal.timeout(200);
    await assert.rejects(callJson(channel, GET, { signal }), { code: 1 });
  });
});
