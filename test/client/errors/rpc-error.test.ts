import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { type ChannelOptions, callJson, createChannel, detailOf, RpcError } from "@etcd-gateway/client";
import { etcdClient } from "etcd-gateway/client";
import { urlOf } from "../../server-address.js";
import { json, POST, type Respond, serve } from "../responding-server.js";

async function failure(t: TestContext, respond: Respond, options: Partial<ChannelOptions> = {}): Promise<RpcError> {
  const { baseUrl } = await serve(t, respond);
  const error: unknown = await callJson(createChannel({ retries: 0, ...options, baseUrl }), POST).then(
    () => assert.fail("the call did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RpcError);
  return error;
}

describe("errors", { timeout: 60_000 }, () => {
  const told = ({ code, codeName, httpStatus, rawMessage, details, rpc }: RpcError): unknown[] => [
    code,
    codeName,
    httpStatus,
    rawMessage,
    details,
    rpc,
  ];

  test("are read as every family of gateways writes them", async (t) => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R" }];
    assert.deepEqual(told(await failure(t, json(404, { code: 5, message: "gone", details }))), [
      ...[5, "NOT_FOUND", 404, "gone", details, "x.X.Post"],
    ]);
    const v1 = await failure(t, json(400, { error: "bad", message: "bad", code: 3 }));
    assert.deepEqual(told(v1), [3, "INVALID_ARGUMENT", 400, "bad", [], "x.X.Post"]);
    const old = await failure(t, json(400, { error: "bad", code: 3 }));
    assert.deepEqual(told(old), [3, "INVALID_ARGUMENT", 400, "bad", [], "x.X.Post"]);
    const stream = await failure(
      t,
      json(400, { error: { grpc_code: 3, http_code: 400, message: "m", http_status: "Bad Request" } }),
    );
    assert.deepEqual(told(stream), [3, "INVALID_ARGUMENT", 400, "m", [], "x.X.Post"]);
  });

  test("do not wait for the end of a body that has none", async (t) => {
    const slow = await failure(t, (res) => void res.writeHead(503, { "content-type": "text/plain" }).write("busy"));
    assert.deepEqual([slow.code, slow.rawMessage], [14, "HTTP status 503: Service Unavailable: busy"]);
    const endless = await failure(t, (res) => {
      res.writeHead(500);
      const piece = "x".repeat(1 << 16);
      const write = (): void => void setImmediate(() => res.write(piece, () => !res.destroyed && write()));
      write();
    });
    assert.deepEqual([endless.code, endless.httpStatus], [2, 500]);
  });

  test("have details that are read by their types", async (t) => {
    const type = (name: string) => ({ "@type": `type.googleapis.com/google.rpc.${name}` });
    const error = await failure(
      t,
      json(400, {
        code: 3,
        message: "m",
        details: [
          { ...type("BadRequest"), fieldViolations: [{ field: "a.b" }] },
          { ...type("ErrorInfo"), reason: "R", metadata: { some_key: "v" } },
          { ...type("RetryInfo"), retryDelay: "1.5s" },
          { ...type("Help"), links: "none" },
        ],
      }),
    );
    const violation = { field: "a.b", description: "", reason: "" };
    assert.deepEqual(detailOf(error, "BadRequest"), { field_violations: [violation] });
    assert.deepEqual(detailOf(error, "ErrorInfo"), { reason: "R", domain: "", metadata: { some_key: "v" } });
    assert.equal(detailOf(error, "RetryInfo")?.retry_delay?.nanos, 500_000_000);
    assert.deepEqual([detailOf(error, "Help"), detailOf(error, "DebugInfo")], [undefined, undefined]);
  });

  test("of proxies are told by their status, and by their text if it is short and plain", async (t) => {
    const html = await failure(t, (res) => res.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad</h1>"));
    assert.deepEqual(told(html), [14, "UNAVAILABLE", 502, "HTTP status 502: Bad Gateway", [], "x.X.Post"]);
    const text = await failure(t, (res) => res.writeHead(404, { "content-type": "text/plain" }).end("404 page\n"));
    assert.deepEqual(told(text), [12, "UNIMPLEMENTED", 404, "HTTP status 404: Not Found: 404 page", [], "x.X.Post"]);
    const busy = await failure(t, (res) => res.writeHead(503, { "retry-after": "7" }).end());
    assert.deepEqual([busy.code, busy.retryAfter], [14, 7000]);
  });

  test("are told of a server that cannot be reached, or breaks off", async (t) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const channel = createChannel({ baseUrl: urlOf(server), retries: 0 });
    server.close();
    await once(server, "close");
    await assert.rejects(callJson(channel, POST), ({ code, httpStatus, rawMessage }: RpcError) => {
      assert.deepEqual([code, httpStatus], [14, undefined]);
      assert.match(rawMessage, /^the connection failed: .*ECONNREFUSED/);
      return true;
    });
    const cut = await failure(t, (res) => {
      res.writeHead(200, { "content-length": 100 });
      res.write('{"a":');
      setImmediate(() => res.destroy());
    });
    assert.equal(cut.code, 14);
  });

  test("are told of a response that is no such message", async (t) => {
    const { baseUrl } = await serve(t, (res, _req, count) =>
      res.end(
        [
          '{"header":{"revision":9007199254740993}}',
          '{"kvs":[{"key":"*"}]}',
          '{"count":"1e3"}',
          "<html>",
          '{"header":{"revision":9007199254740991},"unknown":1}',
        ][count - 1],
      ),
    );
    const etcd = etcdClient({ baseUrl });
    for (const why of [
      "the response cannot be read: header.revision: expected an int64 as a string, got 9007199254740992",
      'the response cannot be read: kvs[0].key: expected base64, got "*"',
      'the response cannot be read: count: expected an int64 as a string, got "1e3"',
      'the response is not valid JSON: "<html>"',
    ]) {
      await assert.rejects(etcd.kv.range({}), { code: 13, rawMessage: why });
    }
    assert.equal((await etcd.kv.range({})).header?.revision, 9007199254740991n);
  });
});
