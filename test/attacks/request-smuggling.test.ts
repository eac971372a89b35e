import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import express from "express";
import { createGateway } from "../../runtime/core/gateway/gateway.js";
import { createHttpServer } from "../../runtime/core/server/http-server.js";
import { FakeTransport } from "../core/http/fake-transport.js";
import { note, notes } from "../core/http/notes.js";
import { listen } from "../http/listen.js";
import { exchangeRaw } from "./raw-http.js";

async function serve(t: TestContext): Promise<{ transport: FakeTransport; server: Server; port: number }> {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport });
  const server = createHttpServer(express().use(gateway.router));
  return { transport, server, port: await listen(t, server) };
}

/** Answers every unary call with its own message, and keeps the messages. */
function echo(transport: FakeTransport): string[] {
  const requests: string[] = [];
  const next = async (): Promise<void> => {
    const call = await transport.nextUnary();
    requests.push(call.request.toString("latin1"));
    call.respond(call.request);
    void next();
  };
  void next();
  return requests;
}

const LINE = "POST /v1/notes/get HTTP/1.1\r\nHost: a\r\n";
/** A request that must not be taken for one of its own. */
const SMUGGLED = `${LINE}Content-Length: 20\r\nConnection: close\r\n\r\n{"text":"smuggled_"}`;

/** Requests whose end two servers may see in different places, each with a second one behind it. */
const ambiguous: Readonly<Record<string, string>> = {
  "Content-Length and Transfer-Encoding": `${LINE}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "Transfer-Encoding and Content-Length": `${LINE}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  "two Transfer-Encodings": `${LINE}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
  "an unknown Transfer-Encoding": `${LINE}Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}`,
  "chunked, but not as the last": `${LINE}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  "a Transfer-Encoding after a tab": `${LINE}Transfer-Encoding:\tchunked\r\nContent-Length: 2\r\n\r\n{}`,
  "a folded Transfer-Encoding": `${LINE}Transfer-Encoding:\r\n chunked\r\nContent-Length: 2\r\n\r\n{}`,
  "two Content-Lengths that differ": `${LINE}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
  "two Content-Lengths that agree": `${LINE}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
  "a list of Content-Lengths": `${LINE}Content-Length: 2, 2\r\n\r\n{}`,
  "Content-Length: +2": `${LINE}Content-Length: +2\r\n\r\n{}`,
  "Content-Length: -1": `${LINE}Content-Length: -1\r\n\r\n{}`,
  "Content-Length: 0x2": `${LINE}Content-Length: 0x2\r\n\r\n{}`,
  "Content-Length: 2 2": `${LINE}Content-Length: 2 2\r\n\r\n{}`,
  "a Content-Length beyond 2^64": `${LINE}Content-Length: 18446744073709551618\r\n\r\n{}`,
  "an empty Content-Length": `${LINE}Content-Length: \r\n\r\n`,
  "a space before the colon": `${LINE}Content-Length : 2\r\n\r\n{}`,
  "a NUL in a value": `${LINE}X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}`,
  "a NUL in a name": `${LINE}X\0A: b\r\nContent-Length: 2\r\n\r\n{}`,
  "a bare CR in a value": `${LINE}X-A: a\rContent-Length: 2\r\n\r\n{}`,
  "a chunk size that is none": `${LINE}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
  "a chunk size with a sign": `${LINE}Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n`,
  "a chunk size with a prefix": `${LINE}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n`,
  "a chunk size beyond 2^64": `${LINE}Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n`,
  "a chunk that is longer than its size": `${LINE}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`,
  "a chunk without its end": `${LINE}Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n`,
  "a request line with an unknown version": LINE.replace("1.1", "1.2").concat("Content-Length: 2\r\n\r\n{}"),
  "a request line with a control character": LINE.replace("get", "g\x01et").concat("Content-Length: 2\r\n\r\n{}"),
};

for (const [what, request] of Object.entries(ambiguous)) {
  test(`${what}: at most one response, and the connection is closed`, async (t) => {
    const { transport, port } = await serve(t);
    const requests = echo(transport);
    const { statuses, text } = await exchangeRaw(port, request + SMUGGLED);
    assert.deepEqual(statuses, [400], text);
    assert.match(text, /^connection: close\r$/im);
    // Where a chunk is bad the head was good: but no call is made of half a body.
    assert.deepEqual(requests, []);
  });
}

test("requests one after another get their responses in order, rejected ones and their bodies among them", async (t) => {
  const { transport, port } = await serve(t);
  const requests = echo(transport);
  const body = (text: string): string => `Content-Length: ${text.length}\r\n\r\n${text}`;
  const { statuses, text } = await exchangeRaw(
    port,
    LINE + body('{"text":"one"}'),
    // A body that looks like a request is the body of what is rejected.
    LINE.replace("POST", "GET") + body(SMUGGLED),
    LINE.replace("POST", "PROPFIND") + body('{"text":"no"}'),
    LINE.replace("get", "none") + body('{"text":"no"}'),
    LINE + body('{"text":'),
    `${LINE}Transfer-Encoding: chunked\r\n\r\n${"e;ext=1\r\n"}{"text":"two"}\r\n0\r\nX-Trailer: a\r\n\r\n`,
    `${LINE}Connection: close\r\n${body('{"text":"three"}')}`,
    LINE + body('{"text":"behind the end"}'),
  );
  assert.deepEqual(statuses, [200, 405, 405, 404, 400, 200, 200], text);
  assert.deepEqual(
    requests,
    ["one", "two", "three"].map((value) => note({ text: value }).toString("latin1")),
  );
});

test("trailers are no headers", async (t) => {
  const { transport, port } = await serve(t);
  const sent = exchangeRaw(
    port,
    `${LINE}Connection: close\r\nTransfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n` +
      "2\r\n{}\r\n0\r\nAuthorization: root\r\nGrpc-Metadata-A: b\r\nGrpc-Timeout: 1n\r\n\r\n",
  );
  const call = await transport.nextUnary();
  assert.deepEqual(call.options.metadata, []);
  call.respond(note({}));
  assert.deepEqual((await sent).statuses, [200]);
});

test("Expect: what is not 100-continue is 417, and nothing is called", async (t) => {
  const { transport, port } = await serve(t);
  const { statuses } = await exchangeRaw(
    port,
    `${LINE}Expect: a-coffee\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
  );
  assert.deepEqual(statuses, [417]);
  assert.equal(transport.waiting, 0);
});

test("HTTP/1.0: one response, and the connection is closed; a stream has no chunks, and ends with it", async (t) => {
  const { transport, port } = await serve(t);
  echo(transport);
  const unary = await exchangeRaw(port, 'POST /v1/notes/get HTTP/1.0\r\nContent-Length: 12\r\n\r\n{"text":"a"}');
  assert.match(unary.text, /^HTTP\/1\.1 200 .*\r\n\r\n\{"text":"a"\}$/s);
  const stream = exchangeRaw(port, "POST /v1/notes/list HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}");
  const call = await transport.nextStream();
  call.respond(note({ text: "one" }));
  call.finish();
  assert.match((await stream).text, /\r\n\r\n\{"result":\{"text":"one"\}\}\n$/);
});

test("headers over the limit of Node.js are 431, and the connection is closed", async (t) => {
  const { transport, port } = await serve(t);
  const one = await exchangeRaw(port, `${LINE}X-A: ${"a".repeat(20_000)}\r\nContent-Length: 2\r\n\r\n{}`);
  assert.deepEqual(one.statuses, [431]);
  const many = await exchangeRaw(port, `${LINE}${"X-Long: y\r\n".repeat(5_000)}Content-Length: 2\r\n\r\n{}`);
  assert.deepEqual(many.statuses, [431]);
  assert.equal(transport.waiting, 0);
});

test("a client that keeps its side open after a malformed request does not keep the connection", async (t) => {
  const { server, port } = await serve(t);
  const requests = ["nonsense\r\n\r\n", `${LINE}Content-Length: +2\r\n\r\n{}`, `${LINE}X: ${"a".repeat(20_000)}`];
  for (const request of requests) {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    t.after(() => socket.destroy());
    const ended = once(socket, "end");
    socket.resume();
    socket.write(request);
    await ended;
  }
  const open = () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
  const deadline = Date.now() + 60_000;
  while ((await open()) !== 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await open(), 0);
});
