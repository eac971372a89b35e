import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { test } from "node:test";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { accessLog } from "../../../runtime/core/observe/access-log.js";
import type { CallObserver } from "../../../runtime/core/observe/call-observer.js";
import type { CallMessage } from "../../../runtime/core/observe/call-observers.js";
import type { CallRecord } from "../../../runtime/core/observe/call-record.js";
import { send } from "../../http/requests.js";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";
import { UNREADABLE } from "../unreadable.js";
import { CallLog } from "./call-log.js";

const GET = "/v1/notes/get";

test("without observers and subscribers there is no record, and nothing is told of a call", async (t) => {
  const { port, transport } = await serveNotes(t);
  const sent = send(port, GET, "{}");
  const call = await transport.nextUnary();
  assert.equal(call.options.progress, undefined);
  call.respond(note({}));
  await sent;
});

test("subscribers of the diagnostics channels hear of the calls of every gateway", async (t) => {
  const calls: (readonly [string, CallRecord, string | undefined])[] = [];
  const listener = (message: unknown, name: string | symbol): void => {
    // What the channels carry is documented, and typed as CallMessage.
    const { call, req } = message as CallMessage;
    calls.push([String(name), call, req.url]);
  };
  const names = ["etcd-gateway:call:start", "etcd-gateway:call:end"] as const;
  for (const name of names) subscribe(name, listener);
  t.after(() => {
    for (const name of names) unsubscribe(name, listener);
  });
  const { port, transport } = await serveNotes(t);
  const sent = send(port, GET, "{}");
  const call = await transport.nextUnary();
  assert.notEqual(call.options.progress, undefined);
  call.respond(note({}));
  await sent;
  while (calls.length < 2) await new Promise(setImmediate);
  assert.deepEqual(
    calls.map(([name, , url]) => [name, url]),
    names.map((name) => [name, GET]),
  );
  assert.equal(calls[0]?.[1], calls[1]?.[1]);
  assert.equal(calls[0]?.[1].rpc, "test.Notes.Get");
});

test("observers that fail are a warning each, and harm neither clients nor other observers", async (t) => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));
  const failing: CallObserver = {
    onStart() {
      throw new Error("at the start");
    },
    onBackendCall() {
      throw new Error("at the call");
    },
    onEnd() {
      throw "at the end";
    },
  };
  const rejecting: CallObserver = {
    async onEnd() {
      throw new Error("later");
    },
  };
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [failing, rejecting, log] });
  for (let i = 0; i < 3; i++) {
    const sent = send(port, GET, "{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).status, 200);
  }
  await log.end(2);
  while (warnings.length < 2) await once(process, "warning");
  await new Promise(setImmediate);
  assert.deepEqual(
    warnings.map(({ message }) => message),
    [
      "an observer of calls failed (only its first failure is reported): at the start",
      "an observer of calls failed (only its first failure is reported): later",
    ],
  );
  assert.deepEqual(log.faults, []);
});

test("hooks and loggers that throw, reject with or return what cannot be read harm nobody", async (t) => {
  const warned: string[] = [];
  t.mock.method(process, "emitWarning", (warning: string) => warned.push(warning));
  const hooks = UNREADABLE.flatMap((value) => [
    () => {
      throw value;
    },
    async () => Promise.reject(value),
    () => value,
  ]);
  const observers = hooks.flatMap((hook) => [
    ...["onGateway", "onStart", "onBackendCall", "onEnd"].map((name): CallObserver => Object({ [name]: hook })),
    accessLog(Object({ info: hook, warn: hook, error: hook })),
    accessLog(Object({ info() {}, warn() {}, error() {}, isLevelEnabled: hook })),
  ]);
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [...observers, log] });
  for (let i = 0; i < 2; i++) {
    const sent = send(port, GET, "{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).status, 200);
    await log.end(i);
  }
  await new Promise(setImmediate);
  const reported = "an observer of calls failed (only its first failure is reported): ";
  assert.deepEqual(
    warned.filter((warning) => !warning.startsWith(reported)),
    [],
  );
  const unread = warned.filter((warning) => warning === `${reported}an error that cannot be read`);
  // Four hooks and two functions of a logger throw; three hooks and one function reject. A promise is not metadata.
  assert.equal(unread.length, UNREADABLE.length * (4 + 2 + 3 + 1));
});

test("an observer gives the metadata of calls, and sees what those before it have given", async (t) => {
  const one: CallObserver = { onBackendCall: (_call, _req, metadata) => [...metadata, ["a", "1"]] };
  const two: CallObserver = { onBackendCall: (_call, _req, metadata) => [...metadata, ["b", String(metadata.length)]] };
  const none: CallObserver = { onBackendCall: () => undefined };
  const { port, transport } = await serveNotes(t, { observers: [one, two, none] });
  const sent = send(port, GET, "{}", { headers: { "Grpc-Metadata-X": "x" } });
  const call = await transport.nextUnary();
  assert.deepEqual(call.options.metadata, [
    ["x", "x"],
    ["a", "1"],
    ["b", "2"],
  ]);
  call.respond(note({}));
  await sent;
});

test("a value that is not an observer is rejected", () => {
  for (const observer of [{}, { onstart() {} }, { onStart: 1 }, () => {}, null]) {
    const observers = [observer] as readonly CallObserver[];
    assert.throws(
      () => createGateway({ services: [notes], transport: new FakeTransport(), observers }),
      /^TypeError: invalid observers\[0\] .*: expected an observer: an object with functions called onGateway, onStart, onBackendCall or onEnd$/,
    );
  }
});
