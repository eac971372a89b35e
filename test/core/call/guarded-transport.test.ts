import assert from "node:assert/strict";
import { request } from "node:http";
import { type TestContext, test } from "node:test";
import { guarded } from "../../../runtime/core/call/guarded-transport.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import type { ObservedGateway } from "../../../runtime/core/observe/call-observer.js";
import { ForwardingTransport } from "../../../runtime/core/transport/forwarding-transport.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type {
  CallOptions,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "../../../runtime/core/transport/transport.js";
import { CountingTransport } from "../../attacks/counting-transport.js";
import { send } from "../../http/requests.js";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";
import { callOptions, StreamRecorder } from "../transport/recorded-calls.js";
import { UNREADABLE } from "../unreadable.js";

const GET = "/v1/notes/get";
const LIST = "/v1/notes/list";
const CHAT = "/v1/notes/chat";

/** An error of the app's transport. */
const denied = new GatewayError(Status.PERMISSION_DENIED, "denied");

/** How a function of the app may fail. */
const FAILING: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw denied;
  },
  rejects: async () => Promise.reject(denied),
};

/** A transport whose calls are changed before the gateway gets them. A stream of chats never ends by itself. */
class ChangedTransport extends ForwardingTransport {
  readonly #change: (call: StreamCall) => unknown;

  constructor(change: (call: StreamCall) => unknown) {
    super(new CountingTransport([notes.rpcs["chat"]?.method.path ?? ""]));
    this.#change = change;
  }

  override unary(...[path, bytes, options, listener]: Parameters<Transport["unary"]>): StreamCall {
    const none = { send: () => true, end() {}, pause() {}, resume() {} };
    return this.#changed({ ...none, ...super.unary(path, bytes, options, listener) });
  }

  override stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    return this.#changed(super.stream(path, options, listener));
  }

  #changed(call: StreamCall): StreamCall {
    // As JavaScript may return it.
    return this.#change(call) as StreamCall;
  }
}

/** The warnings of the process during a test. */
function warningsOf(t: TestContext): readonly string[] {
  const warned: string[] = [];
  t.mock.method(process, "emitWarning", (warning: string) => warned.push(warning));
  return warned;
}

/** Begins a chat, and disconnects once the response has begun. */
function leaveChat(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const req = request({ port, path: CHAT, method: "POST" }, (res) => {
      res.once("data", () => {
        req.destroy();
        resolve();
      });
    });
    req.on("error", reject);
    req.write('{"text":"a"}');
  });
}

test("a transport of our own has no guard", () => {
  const transport = grpcTransport({ endpoints: ["127.0.0.1:1"] });
  assert.equal(guarded(transport), transport);
});

for (const [how, fail] of Object.entries(FAILING)) {
  for (const method of ["cancel", "send", "end"]) {
    test(`a call whose ${method} ${how} harms no other, and the gateway can close`, async (t) => {
      const warned = warningsOf(t);
      const transport = new ChangedTransport((call) => ({ ...call, [method]: fail }));
      const { gateway, port } = await serveNotes(t, { transport, timeouts: { unary: 0 } });
      const failed = method === "send" || method === "end";
      if (failed) assert.equal((await send(port, LIST, "{}")).status, 403);
      else await leaveChat(port);
      assert.equal((await send(port, GET, "{}")).status, 200);
      await gateway.close(60_000);
      const ofCancel = "cancel of the transport failed: denied";
      assert.ok(warned.every((warning) => warning === ofCancel));
      assert.equal(warned.length > 0, method === "cancel");
    });
  }

  test(`a gateway closes although close ${how}`, async (t) => {
    const warned = warningsOf(t);
    const transport = Object.assign(new CountingTransport(), { close: fail });
    const { gateway } = await serveNotes(t, { transport });
    await gateway.close();
    await new Promise(setImmediate);
    assert.deepEqual(warned, ["close of the transport failed: denied"]);
  });

  test(`there are no endpoints if endpoints ${how}`, async (t) => {
    const warned = warningsOf(t);
    const transport: Transport = Object.assign(new CountingTransport(), { endpoints: Object(fail) });
    let observed: ObservedGateway | undefined;
    const onGateway = (gateway: ObservedGateway): void => {
      observed = gateway;
    };
    await serveNotes(t, { transport, observers: [{ onGateway }] });
    assert.deepEqual(observed?.endpoints(), []);
    await new Promise(setImmediate);
    assert.deepEqual(warned, ["endpoints of the transport failed: denied"]);
  });
}

test("a call that a transport throws for fails with that error, and is over", async (t) => {
  for (const [thrown, status] of [[denied, 403] as const, ...UNREADABLE.map((value) => [value, 500] as const)]) {
    const fail = (): never => {
      throw thrown;
    };
    const transport = { unary: fail, stream: fail, close() {} };
    const { gateway, port } = await serveNotes(t, { transport, timeouts: { unary: 0 } });
    for (const path of [GET, LIST]) assert.equal((await send(port, path, "{}")).status, status);
    await gateway.close(60_000);
  }
});

test("a call fails if the transport returns none, such as a promise", async (t) => {
  const promises = [async () => ({ cancel() {} }), async () => Promise.reject(denied)];
  for (const result of [...[undefined, {}, ...UNREADABLE].map((value) => () => value), ...promises]) {
    const causes: unknown[] = [];
    const { gateway, port } = await serveNotes(t, {
      transport: new ChangedTransport(result),
      onError: ({ cause }) => void causes.push(cause),
    });
    for (const path of [GET, LIST]) assert.equal((await send(port, path, "{}")).status, 500);
    await gateway.close(60_000);
    assert.equal(causes.length, 2);
    for (const cause of causes) assert.ok(cause instanceof TypeError);
  }
});

test("a stream is paused and resumed", async () => {
  const transport = new FakeTransport();
  const call = guarded(transport).stream(LIST, callOptions(), new StreamRecorder());
  const taken = await transport.nextStream();
  call.pause();
  assert.equal(taken.paused, true);
  call.resume();
  assert.equal(taken.paused, false);
});

for (const [how, fail] of Object.entries(FAILING)) {
  for (const method of ["pause", "resume"] as const) {
    test(`a stream whose ${method} ${how} fails with that error, and is canceled`, async (t) => {
      const transport = new FakeTransport();
      const recorder = new StreamRecorder();
      const call = guarded(transport).stream(LIST, callOptions(), recorder);
      const taken = Object.assign(await transport.nextStream(), { [method]: fail });
      const canceled = t.mock.method(taken, "cancel", () => {});
      call[method]();
      await new Promise(setImmediate);
      assert.equal(recorder.error, denied);
      assert.equal(canceled.mock.callCount(), 1);
    });
  }
}

test("a stream that cannot be paused or resumed is none, and fails at once", async () => {
  for (const missing of ["pause", "resume"]) {
    const changed = new ChangedTransport((call) => ({ ...call, [missing]: undefined }));
    const recorder = new StreamRecorder();
    guarded(changed).stream(LIST, callOptions(), recorder);
    await new Promise(setImmediate);
    assert.match(
      String(recorder.error?.cause),
      /returned no call: expected an object with cancel, send, end, pause, resume/,
    );
  }
});

test("a canceled call ends at once, even if the transport never reports its end", async (t) => {
  let canceled = 0;
  const transport = new ChangedTransport((call) => ({
    ...call,
    cancel() {
      canceled++;
    },
  }));
  const { gateway, port } = await serveNotes(t, { transport, limits: { maxStreams: 1 } });
  await leaveChat(port);
  while (canceled === 0) await new Promise(setImmediate);
  assert.equal((await send(port, LIST, "{}")).status, 200);
  await gateway.close(60_000);
  assert.equal(canceled, 1);
});

test("results that come at once, and metadata that is none, are accepted", async (t) => {
  // As JavaScript may pass it.
  const none = JSON.parse("null");
  const transport: Transport = Object.assign(new CountingTransport(), {
    unary(_path: string, _request: Uint8Array, _options: CallOptions, listener: UnaryListener) {
      listener.onResponse(Buffer.alloc(0), none, none);
      return { cancel() {} };
    },
    stream(_path: string, _options: CallOptions, listener: StreamListener) {
      setImmediate(() => {
        listener.onHeaders(none);
        listener.onMessage(Buffer.alloc(0));
        listener.onEnd(Object("no error"), none);
      });
      return { cancel() {}, send: () => true, end() {}, pause() {}, resume() {} };
    },
  });
  const { gateway, port } = await serveNotes(t, { transport, interceptors: { "*": () => {} } });
  assert.equal((await send(port, GET, "{}")).status, 200);
  assert.match((await send(port, LIST, "{}")).body, /internal error/);
  await gateway.close(60_000);
});

test("a stream's events that come before `stream` returns are told after it, in order, and so is what follows them", async (t) => {
  const transport: Transport = Object.assign(new CountingTransport(), {
    stream(_path: string, _options: CallOptions, listener: StreamListener) {
      listener.onHeaders([["a", "1"]]);
      listener.onMessage(note({ size: 1 }));
      Promise.resolve().then(() => {
        listener.onMessage(note({ size: 2 }));
        listener.onEnd(undefined, []);
      });
      return { cancel() {}, send: () => true, end() {}, pause() {}, resume() {} };
    },
  });
  const { gateway, port } = await serveNotes(t, { transport });
  const { body, headers } = await send(port, LIST, "{}");
  assert.deepEqual(body.trim().split("\n"), ['{"result":{"size":"1"}}', '{"result":{"size":"2"}}']);
  assert.equal(headers["grpc-metadata-a"], "1");
  await gateway.close(60_000);
});

test("a stream whose first message is no message leaves nothing behind, even if it came before `stream` returned", async (t) => {
  let canceled = 0;
  const transport: Transport = Object.assign(new CountingTransport(), {
    stream(_path: string, _options: CallOptions, listener: StreamListener) {
      listener.onMessage(Buffer.from([0xff]));
      return { cancel: () => canceled++, send: () => true, end() {}, pause() {}, resume() {} };
    },
  });
  const { gateway, port } = await serveNotes(t, { transport });
  assert.match((await send(port, LIST, "{}")).body, /"code":13/);
  assert.equal(canceled, 1);
  await gateway.close(60_000);
});

test("entries of metadata that cannot be read are left out, and the others stay", async (t) => {
  const odd = Object([["a", "1"], ["b", 2], "c"]);
  const transport: Transport = Object.assign(new CountingTransport(), {
    unary(_path: string, _request: Uint8Array, _options: CallOptions, listener: UnaryListener) {
      setImmediate(() => listener.onResponse(Buffer.alloc(0), odd, odd));
      return { cancel() {} };
    },
  });
  const { port } = await serveNotes(t, { transport });
  const { headers } = await send(port, GET, "{}");
  assert.deepEqual([headers["grpc-metadata-a"], headers["grpc-metadata-b"]], ["1", undefined]);
});
