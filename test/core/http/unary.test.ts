import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import type { RequestHandler } from "express";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { answer, open, send } from "../../http/requests.js";
import { note } from "./notes.js";
import { HOSTS, serveNotes } from "./serve-notes.js";

for (const host of HOSTS) {
  test(`a unary call, in ${host}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host });
    const sent = send(port, "/v1/notes/get?ignored=1", '{"text":"hé","size":"9007199254740993"}', {
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    });
    const call = await transport.nextUnary();
    assert.equal(call.path, "/test.Notes/Get");
    assert.deepEqual(call.request, note({ text: "hé", size: "9007199254740993" }));
    call.respond(note({ text: "pong\n\u2028", size: 5 }), [["content-type", "application/grpc"]]);
    const { status, headers, body } = await sent;
    assert.equal(status, 200);
    assert.equal(body, '{"text":"pong\\n\u2028","size":"5"}');
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["content-length"], String(Buffer.byteLength(body)));
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["grpc-metadata-content-type"], "application/grpc");
  });

  test(`an error of the call, in ${host}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host });
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).fail(
      new GatewayError(Status.NOT_FOUND, 'no "note"\r\n</script>', {
        details: [{ typeUrl: "type.googleapis.com/test.Note", value: note({ text: "x" }) }],
      }),
    );
    const { status, headers, body } = await sent;
    assert.equal(status, 404);
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["content-length"], String(Buffer.byteLength(body)));
    assert.deepEqual(JSON.parse(body), {
      code: 5,
      message: 'no "note"\r\n</script>',
      details: [{ "@type": "type.googleapis.com/test.Note", text: "x" }],
    });
  });
}

for (const host of ["Express 5", "Express 4"] as const) {
  test(`under a path of the app, in ${host}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host, path: "/etcd" });
    const sent = send(port, "/etcd/v1/notes/get", "{}");
    (await transport.nextUnary()).respond(note({ text: "here" }));
    assert.equal((await sent).body, '{"text":"here"}');
    assert.equal((await send(port, "/v1/notes/get", "{}")).status, 404);
    assert.equal((await send(port, "/etcd/v1/notes/none")).body, '{"code":5,"message":"Not Found"}');
  });
}

test("an empty body, or one of white space, is an empty message", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const body of ["", " \r\n\t", "{}"]) {
    const sent = send(port, "/v1/notes/get", body);
    const call = await transport.nextUnary();
    assert.equal(call.request.length, 0);
    call.respond(note({}));
    assert.equal((await sent).body, "{}");
  }
});

test("a body that is not the message's JSON is rejected", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const body of ["{", "[]", '{"text":1}', "{} {}", "\ufeff{}", '{"text":"a"}x', "null"]) {
    const { status, body: text } = await send(port, "/v1/notes/get", body);
    assert.equal(status, 400, body);
    assert.equal(JSON.parse(text).code, 3, body);
  }
  assert.equal(transport.waiting, 0);
});

test("a 401 says what is wanted in WWW-Authenticate, as plain text", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).fail(new GatewayError(Status.UNAUTHENTICATED, "bad\r\nSet-Cookie: a=b é token"));
  const { status, headers } = await sent;
  assert.equal(status, 401);
  assert.equal(headers["www-authenticate"], "bad Set-Cookie: a=b   token");
  assert.equal(headers["set-cookie"], undefined);
});

test("a response that cannot be written as JSON is an error", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).respond(Buffer.from([0x0a, 0x05, 0x61]));
  const { status, body } = await sent;
  assert.equal(status, 500);
  assert.equal(JSON.parse(body).code, 13);
});

test("a client that goes away takes its call with it, and nothing is sent", async (t) => {
  const errors: GatewayError[] = [];
  const { transport, port } = await serveNotes(t, {
    limits: { maxInFlight: 1 },
    onError: (error) => errors.push(error),
  });
  const req = open(port, "/v1/notes/get");
  req.on("error", () => {});
  req.end("{}");
  const call = await transport.nextUnary();
  req.destroy();
  await call.canceled;
  call.respond(note({}));
  const sent = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await sent).status, 200, "its place is free again");
  assert.deepEqual(errors, []);
});

test("a client that goes away during its upload causes no call", async (t) => {
  const { transport, port, server } = await serveNotes(t);
  const req = open(port, "/v1/notes/get", { headers: { "Content-Length": 100 } });
  req.on("error", () => {});
  req.write('{"text":');
  const [, incoming] = await once(server, "request");
  const closed = once(incoming, "close");
  req.destroy();
  await closed;
  assert.equal(transport.waiting, 0);
});

test("a client that went away while earlier middleware was at work causes no call", async (t) => {
  const steps = new EventEmitter();
  const slow: RequestHandler = (_req, res, next) => {
    steps.emit("begun");
    res.on("close", () => {
      next();
      steps.emit("done");
    });
  };
  const { transport, port } = await serveNotes(t, {}, { before: [slow] });
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    const req = open(port, path);
    req.on("error", () => {});
    const begun = once(steps, "begun");
    req.end("{}");
    await begun;
    const done = once(steps, "done");
    req.destroy();
    await done;
    await new Promise(setImmediate);
    assert.equal(transport.waiting, 0, path);
  }
});

test("more unary requests than allowed get 503 with Retry-After", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { maxInFlight: 2 } });
  const first = send(port, "/v1/notes/get", "{}");
  const second = send(port, "/v1/notes/get", "{}");
  const calls = [await transport.nextUnary(), await transport.nextUnary()];
  const { status, headers, body } = await send(port, "/v1/notes/get", "{}");
  assert.equal(status, 503);
  assert.equal(headers["retry-after"], "1");
  assert.equal(JSON.parse(body).code, 14);
  for (const call of calls) call.respond(note({}));
  assert.equal((await first).status, 200);
  assert.equal((await second).status, 200);
});

test("a request that cannot be called is rejected", async (t) => {
  const { transport, port } = await serveNotes(t);
  const { status, body } = await send(port, "/v1/notes/get", "{}", { headers: { "Grpc-Timeout": "soon" } });
  assert.equal(status, 400);
  assert.equal(JSON.parse(body).code, 3);
  assert.equal(transport.waiting, 0);
});

test("requests on one connection get their responses in order", async (t) => {
  const { transport, port } = await serveNotes(t);
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  const one = "POST /v1/notes/get HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
  socket.write(one + one.replace("/get", "/none") + one);
  for (const text of ["first", "second"]) (await transport.nextUnary()).respond(note({ text }));
  let text = "";
  for await (const chunk of socket) {
    text += chunk;
    if (text.includes("second")) break;
  }
  assert.deepEqual(text.match(/first|Not Found"|second/g), ["first", 'Not Found"', "second"]);
});

test("errors are told to onError, with their cause", async (t) => {
  const told: [number, string | undefined][] = [];
  const { port } = await serveNotes(t, { onError: (error, req) => told.push([error.code, req.url]) });
  await send(port, "/v1/notes/get", "{");
  await send(port, "/v1/none", "{");
  assert.deepEqual(told, [
    [3, "/v1/notes/get"],
    [5, "/v1/none"],
  ]);
  assert.equal((await answer(open(port, "/v1/notes/get", { method: "GET" }).end())).status, 405);
});
