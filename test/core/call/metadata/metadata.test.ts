import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Metadata, MetadataChange } from "@etcd-gateway/runtime";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import { startGateway } from "../../../e2e/gateway.js";
import { startFaultServer } from "../../../faults/fault-server.js";
import { send, type TextResponse } from "../../../http/requests.js";
import { note } from "../../http/notes.js";
import { serveNotes } from "../../http/serve-notes.js";
import { CHANNELS } from "../../transport/channels.js";

const GET = "/v1/notes/get";
const HEADERS = { Authorization: "token", "Grpc-Metadata-A": "1", "Grpc-Metadata-B": "2" };

/** What a server gets as metadata where an app's function gives something. */
async function sentWith(t: test.TestContext, given: MetadataChange | Metadata): Promise<Metadata> {
  const { port, transport } = await serveNotes(t, { metadata: () => given });
  const sent = send(port, GET, "{}", { headers: HEADERS });
  const call = await transport.nextUnary();
  call.respond(note({}));
  await sent;
  return call.options.metadata;
}

test("an object changes what the headers say", async (t) => {
  assert.deepEqual(await sentWith(t, {}), [
    ["authorization", "token"],
    ["a", "1"],
    ["b", "2"],
  ]);
  const bytes = Buffer.from([1]);
  assert.deepEqual(await sentWith(t, { A: undefined, b: ["3", "4"], Authorization: "mine", "c-bin": bytes }), [
    ["b", "3"],
    ["b", "4"],
    ["authorization", "mine"],
    ["c-bin", bytes],
  ]);
});

test("a list is all that is sent", async (t) => {
  assert.deepEqual(await sentWith(t, [["x", "y"]]), [["x", "y"]]);
});

test("the function sees the request, the RPC and what the headers say, for each kind of call", async (t) => {
  const seen: unknown[] = [];
  const { port, transport } = await serveNotes(t, {
    metadata(req, rpc, metadata) {
      seen.push([req.url, rpc, metadata]);
      return { "x-path": req.url ?? "" };
    },
  });
  const unary = send(port, GET, "{}", { headers: { Authorization: "token" } });
  (await transport.nextUnary()).respond(note({}));
  await unary;
  const stream = send(port, "/v1/notes/list?a=b", "{}");
  const call = await transport.nextStream();
  assert.deepEqual(call.options.metadata, [["x-path", "/v1/notes/list?a=b"]]);
  call.finish();
  await stream;
  assert.deepEqual(seen, [
    [GET, "test.Notes.Get", [["authorization", "token"]]],
    ["/v1/notes/list?a=b", "test.Notes.List", []],
  ]);
});

test("a promise that the function gives is rejected, and harms nothing else when it fails", async (t) => {
  // As an app in JavaScript may do.
  const untyped: { metadata: () => never } = Object({ metadata: () => Promise.reject(new Error("too late")) });
  const { port, transport } = await serveNotes(t, untyped);
  for (let i = 0; i < 2; i++) assert.equal((await send(port, GET, "")).status, 500);
  assert.equal(transport.waiting, 0);
});

test("an error of the function becomes the response, and no call is made", async (t) => {
  const thrown: readonly (readonly [unknown, number, string])[] = [
    [new GatewayError(Status.PERMISSION_DENIED, "no tenant"), 403, "no tenant"],
    [Object.assign(new Error("secret"), { code: 5, details: "secret" }), 500, "internal error"],
  ];
  for (const [error, status, message] of thrown) {
    const { port, transport } = await serveNotes(t, {
      metadata() {
        throw error;
      },
    });
    for (const path of [GET, "/v1/notes/chat"]) {
      const answer: TextResponse = await send(port, path, "{}");
      assert.equal(answer.status, status);
      assert.equal(JSON.parse(answer.body).message, message);
    }
    assert.equal(transport.waiting, 0);
  }
});

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    test("etcd gets forwarded headers and the function's metadata, and nothing that is reserved", async (t) => {
      const server = await startFaultServer();
      server.handle("/etcdserverpb.KV/Range", (call) => call.answer(Buffer.alloc(0)));
      const gateway = await startGateway({
        channel,
        endpoints: [server.endpoint],
        forwardHeaders: ["traceparent", "X-Tenant-*"],
        metadata: (_req, rpc) => ({
          "x-rpc": rpc,
          authorization: "Bearer mine",
          "x-blob-bin": Buffer.from([255]),
          te: "evil",
          ":path": "/evil",
          "grpc-timeout": "1n",
          "x-line": "a\r\nb: c",
        }),
      });
      t.after(async () => {
        await gateway.close();
        await server.stop();
      });
      const headers = {
        traceparent: TRACE,
        "X-Tenant-Id": "t1",
        "X-Other": "no",
        Cookie: "a=b",
        Authorization: "theirs",
      };
      const answer = await fetch(`${gateway.url}/v3/kv/range`, { method: "POST", body: "{}", headers });
      assert.equal(answer.status, 200);
      const sent = server.calls.at(-1)?.headers ?? {};
      assert.equal(sent["traceparent"], TRACE);
      assert.equal(sent["x-tenant-id"], "t1");
      assert.equal(sent["x-rpc"], "etcdserverpb.KV.Range");
      assert.equal(sent["x-blob-bin"], "/w==");
      // As every etcd takes it.
      assert.equal(sent["authorization"], "mine");
      assert.equal(sent["token"], "mine");
      assert.equal(sent[":path"], "/etcdserverpb.KV/Range");
      assert.equal(sent["te"], "trailers");
      assert.notEqual(sent["grpc-timeout"], "1n");
      for (const name of ["x-other", "cookie", "x-line", "b"]) assert.equal(sent[name], undefined, name);
    });

    test("by default traceparent and tracestate go on, and no other header does", async (t) => {
      const server = await startFaultServer();
      server.handle("/etcdserverpb.KV/Range", (call) => call.answer(Buffer.alloc(0)));
      const gateway = await startGateway({ channel, endpoints: [server.endpoint] });
      t.after(async () => {
        await gateway.close();
        await server.stop();
      });
      const others = { "X-Request-Id": "1", "X-Forwarded-For": "1.2.3.4", baggage: "a=b" };
      const headers = { traceparent: TRACE, tracestate: "a=b", ...others };
      await fetch(`${gateway.url}/v3/kv/range`, { method: "POST", body: "{}", headers });
      const sent = server.calls.at(-1)?.headers ?? {};
      assert.deepEqual([sent["traceparent"], sent["tracestate"]], [TRACE, "a=b"]);
      for (const name of Object.keys(others)) assert.equal(sent[name.toLowerCase()], undefined, name);
    });
  });
}
