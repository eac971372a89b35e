import assert from "node:assert/strict";
import { test } from "node:test";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import type { CallOptions } from "../../../runtime/core/transport/transport.js";
import { open, response, send } from "../../http/requests.js";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";

test("an option that cannot be used is rejected at once, by its name", () => {
  const rejected: readonly (readonly [Partial<GatewayOptions>, RegExp])[] = [
    [{ limits: { maxBody: 0 } }, /invalid limits.maxBody 0: expected an integer of 1 or more$/],
    [{ limits: { maxBody: 1.5 } }, /invalid limits.maxBody 1.5/],
    [{ timeouts: { body: Number.POSITIVE_INFINITY } }, /invalid timeouts.body Infinity: .* to 2147483647/],
    [{ limits: { maxInFlight: Number.NaN } }, /invalid limits.maxInFlight NaN/],
    [{ limits: { maxStreams: 0 } }, /invalid limits.maxStreams 0/],
    [{ limits: { streamBuffer: -1 } }, /invalid limits.streamBuffer -1/],
    [{ timeouts: { unary: -1 } }, /invalid timeouts.unary -1/],
    [
      { timeouts: { rpcs: { "test.Notes.Got": 1 } } },
      /invalid timeouts.rpcs: unknown RPC "test.Notes.Got": expected a full name such as test.Notes.Get/,
    ],
    [{ idempotent: ["Get"] }, /invalid idempotent: unknown RPC "Get"/],
    [{ aliases: { v3beta: "/v3" } }, /invalid aliases\["v3beta"\]: expected an object such as { "\/v3beta": "\/v3" }/],
    [{ aliases: { "/v3beta": "/" } }, /invalid aliases\["\/v3beta"\] "\/": expected a path prefix such as "\/v3"/],
  ];
  for (const [options, message] of rejected) {
    const create = () => createGateway({ services: [notes], transport: new FakeTransport(), ...options });
    assert.throws(create, (error) => error instanceof TypeError && message.test(error.message));
  }
});

/** Asserts that a call has this many milliseconds to its deadline, less what a slow machine has taken of them. */
function assertTimeLeft({ deadline = 0 }: CallOptions, milliseconds: number): void {
  const left = deadline - monotonicTime();
  assert.ok(left <= milliseconds && left > milliseconds - 100_000, `${left} ms`);
}

test("options reach the calls", async (t) => {
  const { transport, port } = await serveNotes(t, {
    timeouts: { unary: 500_000, rpcs: { "test.Notes.Chat": 900_000 } },
    idempotent: ["test.Notes.Get"],
    forwardHeaders: ["X-Request-Id"],
    json: { unknownFields: "reject" },
  });
  const unary = send(port, "/v1/notes/get", "{}", { headers: { "X-Request-Id": "r1", Authorization: "token" } });
  const call = await transport.nextUnary();
  assert.equal(call.options.idempotent, true);
  assertTimeLeft(call.options, 500_000);
  assert.deepEqual(new Map(call.options.metadata).get("x-request-id"), "r1");
  assert.deepEqual(new Map(call.options.metadata).get("authorization"), "token");
  call.respond(note({}));
  await unary;
  const stream = send(port, "/v1/notes/chat", "{}");
  const chat = await transport.nextStream();
  assert.equal(chat.options.idempotent, false);
  assertTimeLeft(chat.options, 900_000);
  chat.finish();
  await stream;
  assert.equal((await send(port, "/v1/notes/get", '{"none":1}')).status, 400);
});

test("services say how request JSON is read, unless the gateway does", async (t) => {
  const services = [{ ...notes, json: { unknownFields: "reject" } }] as const;
  const { port } = await serveNotes(t, { services });
  assert.equal((await send(port, "/v1/notes/get", '{"none":1}')).status, 400);
  const { port: other, transport } = await serveNotes(t, { services, json: { unknownFields: "ignore" } });
  const sent = send(other, "/v1/notes/get", '{"none":1}');
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await sent).status, 200);
});

test("close lets unary calls finish, ends streams with an error line and rejects what comes then", async (t) => {
  const { gateway, transport, port } = await serveNotes(t);
  const unary = send(port, "/v1/notes/get", "{}");
  const call = await transport.nextUnary();
  const begun = open(port, "/v1/notes/list");
  begun.end("{}");
  const stream = await transport.nextStream();
  stream.respond(note({ text: "a" }));
  const res = await response(begun);
  const notBegun = send(port, "/v1/notes/chat", "{}");
  const waiting = await transport.nextStream();

  const closed = gateway.close();
  const line = '{"error":{"code":14,"message":"the gateway is shutting down"}}\n';
  let text = "";
  for await (const chunk of res) text += chunk;
  assert.equal(text, `{"result":{"text":"a"}}\n${line}`);
  assert.equal((await notBegun).status, 503);
  assert.equal((await notBegun).body, line);
  await Promise.all([stream.canceled, waiting.canceled]);
  for (const path of ["/v1/notes/get", "/v1/notes/list"]) assert.equal((await send(port, path, "{}")).status, 503);
  assert.equal(transport.closed, false);
  call.respond(note({ text: "done" }));
  assert.equal((await unary).body, '{"text":"done"}');
  await closed;
  assert.equal(transport.closed, true);
  await gateway.close();
});

test("close cuts off what does not finish within its grace", async (t) => {
  const { gateway, transport, port } = await serveNotes(t);
  const unary = send(port, "/v1/notes/get", "{}");
  const call = await transport.nextUnary();
  await gateway.close(20);
  await call.canceled;
  assert.equal((await unary).status, 503);
  await assert.rejects(gateway.close(-1), /^TypeError: invalid grace -1: expected an integer from 0/);
});
