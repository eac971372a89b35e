import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callJson, createChannel } from "@etcd-gateway/client";
import { etcdClient } from "etcd-gateway/client";
import { json, POST, serve } from "../responding-server.js";

describe("tokens and headers", { timeout: 60_000 }, () => {
  test("are sent as the API wants them", async (t) => {
    const { baseUrl, requests } = await serve(t, json(200, {}));
    const options = { token: "T", headers: () => ({ "x-a": "1" }), baseUrl: `${baseUrl}/mounted/` };
    await callJson(createChannel(options), { ...POST, path: "/v1/x?y=z" }, { timeout: 60_000, metadata: { a: "b" } });
    await etcdClient({ ...options, prefix: "/v3beta" }).kv.range({}, { headers: { "x-a": "2" } });
    const [first, second] = requests.map(({ url, headers }) => [url, headers.authorization, headers["x-a"]]);
    assert.deepEqual(first, ["/mounted/v1/x?y=z", "Bearer T", "1"]);
    assert.deepEqual(second, ["/mounted/v3beta/kv/range", "T", "2"]);
    const [, left] = /^(\d+)m$/.exec(String(requests[0]?.headers["grpc-timeout"])) ?? [];
    assert.ok(Number(left) > 30_000 && Number(left) <= 60_000, left);
    assert.equal(requests[0]?.headers["grpc-metadata-a"], "b");
    const bad = createChannel({ ...options, token: "a\nb" });
    await assert.rejects(callJson(bad, POST), { code: 3, rawMessage: "a header has an invalid name or value" });
    assert.equal(requests.length, 2);
  });

  test("have the time limit, but not from a page to another origin, which may not allow it", async (t) => {
    const { baseUrl, requests } = await serve(t, json(200, {}));
    t.after(() => ["location", "origin"].map((name) => Reflect.deleteProperty(globalThis, name)));
    for (const origin of [baseUrl, "http://127.0.0.1:9", "null"]) {
      Object.assign(globalThis, { location: { href: `${baseUrl}/page` }, origin });
      await callJson(createChannel({ baseUrl }), POST);
    }
    const sent = requests.map(({ headers }) => "grpc-timeout" in headers);
    assert.deepEqual(sent, [true, false, false]);
  });

  test("are asked for once more when they are refused, and no more than once", async (t) => {
    const { baseUrl, requests } = await serve(t, (res, req, count) => {
      const isGood = req.headers.authorization === "Bearer new";
      (isGood ? json(200, { a: 1 }) : json(401, { code: 16, message: "invalid token" }))(res, req, count);
    });
    const asked: unknown[] = [];
    const token = async (refused?: string): Promise<string> => {
      asked.push(refused);
      return refused === undefined ? "old" : "new";
    };
    assert.equal(await callJson(createChannel({ baseUrl, token }), POST), '{"a":1}');
    assert.deepEqual(asked, [undefined, "old"]);
    assert.equal(requests.length, 2);
    const stubborn = createChannel({ baseUrl, token: () => "old" });
    await assert.rejects(callJson(stubborn, POST), { code: 16, httpStatus: 401 });
    const other = createChannel({ baseUrl, token: (refused) => `${refused ?? ""}x` });
    await assert.rejects(callJson(other, POST), { code: 16 });
    assert.equal(requests.length, 5);
    const failing = createChannel({ baseUrl, token: () => Promise.reject(new Error("no password")) });
    await assert.rejects(callJson(failing, POST), { code: 16, rawMessage: "cannot get a token: Error: no password" });
  });
});
