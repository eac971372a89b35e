import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import express from "express";
import type { Binding, Service } from "../../../../runtime/core/call/rpc.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import { messageCodec } from "../../../../runtime/core/json/codec.js";
import { field } from "../../../../runtime/core/json/field.js";
import { jsonToWire } from "../../../../runtime/core/json/read/json-to-wire.js";
import { answer, open, send } from "../../../http/requests.js";
import { noteRpc } from "../../http/notes.js";
import { serveNotes } from "../../http/serve-notes.js";

const httpBodyCodec = messageCodec({
  name: "google.api.HttpBody",
  fields: { content_type: field(1, "content_type", "string"), data: field(2, "data", "bytes") },
  toJson: () => assert.fail("a body is not written as JSON"),
});

/** The wire bytes of a body. */
function httpBody(contentType: string, data: string): Buffer {
  const json = { content_type: contentType, data: Buffer.from(data).toString("base64") };
  return jsonToWire(httpBodyCodec, Buffer.from(JSON.stringify(json)));
}

/** A service of bodies: one RPC of each kind. */
const bodies: Service = {
  name: "test.Bodies",
  rpcs: {
    one: bodyRpc("One", false, false),
    out: bodyRpc("Out", false, true),
    both: bodyRpc("Both", true, true),
  },
};

function bodyRpc(name: string, requestStream: boolean, responseStream: boolean): Service["rpcs"][string] {
  const bindings: readonly Binding[] = [{ method: "POST", template: `/v1/${name.toLowerCase()}`, body: "*" }];
  return { ...noteRpc(name, requestStream, responseStream, bindings), request: httpBodyCodec, response: httpBodyCodec };
}

test("the last of each field of a body counts, and extensions do not", async (t) => {
  const { transport, port } = await serveNotes(t, { services: [bodies] });
  const sent = send(port, "/v1/one", "x", { headers: { "Content-Type": "a/b" } });
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, httpBody("a/b", "x"));
  const extension = Buffer.from([0x1a, 2, 0x0a, 0]);
  call.respond(Buffer.concat([httpBody("a/a", "lost"), extension, httpBody("a/c", "kept")]));
  const { headers, body } = await sent;
  assert.deepEqual([headers["content-type"], headers["content-length"], body], ["a/c", "4", "kept"]);
});

test("a body that was parsed before is rejected, as its bytes are lost", async (t) => {
  const before = [express.json(), express.text(), express.raw()];
  const { transport, port } = await serveNotes(t, { services: [bodies] }, { before });
  for (const path of ["/v1/one", "/v1/out", "/v1/both"]) {
    for (const type of ["application/json", "text/plain"]) {
      const { status, body } = await send(port, path, "{ }", { headers: { "Content-Type": type } });
      assert.equal(status, 500);
      assert.match(body, /mount the gateway before/);
    }
  }
  const sent = send(port, "/v1/one", "{ }", { headers: { "Content-Type": "application/octet-stream" } });
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, httpBody("application/octet-stream", "{ }"));
  call.respond(httpBody("", ""));
  await sent;
});

test("a content type that is not a header, and a body that is cut off, are errors of the server", async (t) => {
  const { transport, port } = await serveNotes(t, { services: [bodies] });
  for (const wire of [httpBody("a/b\r\nX: y", ""), httpBody("a/é", ""), httpBody("a/b", "x").subarray(0, -1)]) {
    const sent = send(port, "/v1/one");
    (await transport.nextUnary()).respond(wire);
    const { status, headers } = await sent;
    assert.deepEqual([status, headers["content-type"], headers["x"]], [500, "application/json", undefined]);
  }
});

test("a stream of bodies is one body, of the first one's type", async (t) => {
  const { transport, port } = await serveNotes(t, { services: [bodies] });
  const sent = send(port, "/v1/out", "x");
  const call = await transport.nextStream();
  assert.deepEqual(await call.nextRequest(), httpBody("", "x"));
  call.respond(httpBody("text/a", "one "));
  call.respond(httpBody("", ""));
  call.respond(httpBody("text/b", "two"));
  call.finish();
  const { status, headers, body } = await sent;
  assert.deepEqual([status, headers["content-type"], body], [200, "text/a", "one two"]);
});

test("a stream without bodies is an empty one", async (t) => {
  const { transport, port } = await serveNotes(t, { services: [bodies] });
  const sent = send(port, "/v1/out", "x");
  (await transport.nextStream()).finish();
  const { status, headers, body } = await sent;
  assert.deepEqual([status, headers["content-type"], body], [200, "application/octet-stream", ""]);
});

test("a stream that fails has its status before the first body, and later is cut off", async (t) => {
  const { transport, port } = await serveNotes(t, { services: [bodies] });
  const rejected = send(port, "/v1/out", "x");
  (await transport.nextStream()).finish(new GatewayError(Status.NOT_FOUND, "no such body"));
  assert.equal((await rejected).status, 404);

  const req = open(port, "/v1/out").end("x");
  const call = await transport.nextStream();
  call.respond(httpBody("text/a", "one"));
  const [res] = await once(req, "response");
  await once(res, "data");
  call.finish(new GatewayError(Status.NOT_FOUND, "lost"));
  const [error] = await once(res.resume(), "error");
  assert.equal(error.code, "ECONNRESET");
});

test("the chunks of a request are sent as they come, and an empty one is one empty body", async (t) => {
  const { transport, port } = await serveNotes(t, { services: [bodies] });
  const req = open(port, "/v1/both", { headers: { "Content-Type": "a/b" } });
  req.write("{ first");
  const call = await transport.nextStream();
  assert.deepEqual(await call.nextRequest(), httpBody("a/b", "{ first"));
  req.end(" second");
  assert.deepEqual(await call.nextRequest(), httpBody("a/b", " second"));
  assert.equal(await call.nextRequest(), undefined);
  call.respond(httpBody("a/c", "ok"));
  call.finish();
  assert.equal((await answer(req)).body, "ok");

  const empty = send(port, "/v1/both");
  const second = await transport.nextStream();
  assert.deepEqual(await second.nextRequest(), Buffer.alloc(0));
  assert.equal(await second.nextRequest(), undefined);
  second.finish();
  assert.equal((await empty).status, 200);
});
