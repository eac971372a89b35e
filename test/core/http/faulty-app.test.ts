import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import express, { type RequestHandler, type Response } from "express";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status, type StatusCode } from "../../../runtime/core/errors/status.js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { CountingTransport } from "../../attacks/counting-transport.js";
import { listen } from "../../http/listen.js";
import { open, response, send } from "../../http/requests.js";
import { note, notes } from "./notes.js";
import { serveNotes } from "./serve-notes.js";

/*
 * What an app does wrong around its gateway costs the one request, never the process. (node:test fails a test during
 * which there is an uncaught exception or an unhandled rejection.)
 */

/** Collects the warnings of the process, in place of printing them, until the test ends. */
function warningsOf(t: TestContext): unknown[] {
  const warnings: unknown[] = [];
  t.mock.method(process, "emitWarning", (warning: unknown) => void warnings.push(warning));
  return warnings;
}

for (const [name, onError] of [
  [
    "throws",
    () => {
      throw new Error("the log is full");
    },
  ],
  ["rejects", async () => Promise.reject(new Error("the log is full"))],
] as const) {
  test(`an onError that ${name} is a warning, and the client has its response`, async (t) => {
    const warnings = warningsOf(t);
    const { transport, port } = await serveNotes(t, { onError });
    assert.equal((await send(port, "/v1/notes/get", "", { method: "GET" })).status, 405);
    assert.equal((await send(port, "/v1/notes/get", "{}", { headers: { Origin: "http://x.example" } })).status, 403);
    assert.equal((await send(port, "/v1/notes/get?bytes=no", "{}")).status, 400);
    assert.equal((await send(port, "/v1/notes/get", "{")).status, 400);
    assert.equal((await send(port, "/v1/notes/chat", "{")).status, 400);
    const unary = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "none"));
    assert.equal((await unary).body, '{"code":5,"message":"none"}');
    const stream = send(port, "/v1/notes/list", "{}");
    const call = await transport.nextStream();
    call.respond(note({ text: "one" }));
    call.finish(new GatewayError(Status.NOT_FOUND, "none"));
    assert.equal((await stream).body, '{"result":{"text":"one"}}\n{"error":{"code":5,"message":"none"}}\n');
    assert.deepEqual(warnings, Array(7).fill("onError failed: the log is full"));
  });
}

test("a GatewayError that could not be sent as a response is rejected where it is made", () => {
  const bad: readonly (() => GatewayError)[] = [
    () => new GatewayError(Status.OK, "well"),
    () => new GatewayError(Number("99") as StatusCode, "what"),
    () => new GatewayError(Status.INTERNAL, "status", { httpStatus: 200 }),
    () => new GatewayError(Status.INTERNAL, "status", { httpStatus: Number.NaN }),
    () => new GatewayError(Status.INTERNAL, "header", { headers: { "X-Bad": "a\r\nSet-Cookie: b" } }),
    () => new GatewayError(Status.INTERNAL, "header", { headers: { "X-Bad": "\u{1f600}" } }),
    () => new GatewayError(Status.INTERNAL, "header", { headers: { "X Bad": "a" } }),
  ];
  for (const make of bad) assert.throws(make, TypeError, String(make));
});

test("a body that the app has Node.js decode is rejected", async (t) => {
  const decoding: RequestHandler = (req, _res, next) => {
    req.setEncoding("utf8");
    next();
  };
  const { transport, port } = await serveNotes(t, {}, { before: [decoding] });
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    const { status, body } = await send(port, path, '{"text":"x"}');
    assert.equal(status, 500);
    assert.match(JSON.parse(body).message, /mount the gateway before the middleware that calls req\.setEncoding/);
  }
  assert.equal(transport.waiting, 0);
});

test("a response that the app has sent before the gateway stays, and causes no call", async (t) => {
  const hasty: RequestHandler = (_req, res, next) => {
    res.send("own");
    next();
  };
  const { transport, port } = await serveNotes(t, {}, { before: [hasty] });
  for (const [method, path] of [
    ["POST", "/v1/notes/get"],
    ["POST", "/v1/notes/chat"],
    ["GET", "/v1/notes/get"],
    ["POST", "/v1/none"],
  ] as const) {
    assert.equal((await send(port, path, "{", { method })).body, "own", path);
  }
  assert.equal(transport.waiting, 0);
});

test("a response that the app sends while a call is in progress stays, however the call ends", async (t) => {
  let other: Response | undefined;
  const impatient: RequestHandler = (_req, res, next) => {
    other = res;
    next();
  };
  const { transport, port } = await serveNotes(t, { streams: { heartbeatInterval: 5 } }, { before: [impatient] });
  for (const fails of [true, false]) {
    const unary = send(port, "/v1/notes/get", "{}");
    const call = await transport.nextUnary();
    other?.status(503).end("too slow");
    if (fails) call.fail(new GatewayError(Status.NOT_FOUND, "none"));
    else call.respond(note({}));
    const { status, body } = await unary;
    assert.deepEqual([status, body], [503, "too slow"]);

    for (const accept of ["application/json", "text/event-stream"]) {
      const stream = send(port, "/v1/notes/list", "{}", { headers: { Accept: accept } });
      const streamed = await transport.nextStream();
      other?.status(503).write("too ");
      // A heartbeat is due in the meantime, which must not be written.
      await new Promise((resolve) => setTimeout(resolve, 20));
      streamed.respond(note({ text: "late" }));
      streamed.finish(fails ? new GatewayError(Status.NOT_FOUND, "none") : undefined);
      setImmediate(() => other?.end("slow"));
      assert.equal((await stream).body, "too slow");
    }
  }
});

test("a stream that the app ends takes its call with it, though its client does not read", async (t) => {
  let other: Response | undefined;
  const limiting: RequestHandler = (_req, res, next) => {
    other = res;
    next();
  };
  const { transport, port } = await serveNotes(t, { limits: { streamBuffer: 1 << 16 } }, { before: [limiting] });
  const req = open(port, "/v1/notes/list").end("{}");
  const answered = response(req);
  const call = await transport.nextStream();
  const message = note({ text: "x".repeat(1 << 20) });
  while (!call.paused) {
    call.respond(message);
    await new Promise(setImmediate);
  }
  const res = await answered;
  other?.end();
  call.respond(message);
  await new Promise(setImmediate);
  call.respond(message);
  await call.canceled;
  res.resume();
  await once(res, "close");
});

/** What hooks of an app may do in any function of a response. */
const MISDEEDS: Readonly<Record<string, (res: Response) => unknown>> = {
  rejects: async () => Promise.reject(new Error("an async hook of the app failed")),
  throws() {
    throw new Error("a hook of the app failed");
  },
  ends: (res) => void Reflect.apply(ServerResponse.prototype.end, res, []),
  destroys: (res) => void res.destroy(),
};

const HOOKED = ["setHeader", "appendHeader", "writeHead", "write", "end", "flushHeaders", "on", "once"] as const;

/** What an app may put a getter of its own in the place of. */
const READ = ["headersSent", "writableEnded", "writableFinished", "writableLength"] as const;

for (const [misdeed, act] of Object.entries(MISDEEDS)) {
  test(`a response whose functions an app replaces by one that ${misdeed} costs its request alone`, async (t) => {
    warningsOf(t);
    let hooked: (typeof HOOKED)[number] | undefined;
    let after = 0;
    const hooking: RequestHandler = (_req, res, next) => {
      let calls = 0;
      if (hooked !== undefined) {
        const original: (...args: never[]) => unknown = res[hooked];
        Reflect.set(res, hooked, (...args: never[]) => {
          const promise = calls++ === after ? act(res) : undefined;
          // An app that lets nobody listen hides the end of its responses from all.
          if (promise === undefined || hooked === "on" || hooked === "once") {
            const result: unknown = Reflect.apply(original, res, args);
            return promise ?? result;
          }
          return promise;
        });
      }
      next();
    };
    const transport = new CountingTransport();
    const gateway = createGateway({
      services: [notes],
      transport,
      browsers: { cors: ["https://app.example"] },
      limits: { maxInFlight: 1, maxStreams: 1 },
      streams: { heartbeatInterval: 1 },
    });
    const server = createServer(express().use(hooking).use(gateway.router));
    gateway.handleUpgrades(server);
    const port = await listen(t, server);
    const text = JSON.stringify({ text: "x".repeat(2 << 20) });
    const requests: readonly (() => Promise<unknown>)[] = [
      () => send(port, "/v1/notes/get", "{}"),
      () => send(port, "/v1/notes/get", text),
      () => send(port, "/v1/notes/get", "{"),
      () => send(port, "/v1/none", "{}"),
      () => send(port, "/v1/notes/list", "{}"),
      () => send(port, "/v1/notes/list", "{}", { headers: { Accept: "text/event-stream" } }),
      () => send(port, "/v1/notes/chat", '{"text":"a"}{"text":"b"}'),
      () => send(port, "/v1/notes/get", "{}", { headers: { Origin: "https://app.example" } }),
      () => send(port, "/v1/notes/get", "{}", { headers: { Origin: "https://other.example" } }),
      () =>
        send(port, "/v1/notes/get", "", { headers: { Connection: "Upgrade", Upgrade: "websocket" }, method: "GET" }),
    ];
    for (const name of HOOKED) {
      for (after = 0; after < 2; after++) {
        for (const request of requests) {
          hooked = name;
          // It has a response, or its connection is cut.
          await request().catch(() => {});
          hooked = undefined;
          assert.equal((await send(port, "/v1/notes/get", "{}")).status, 200, `${name} ${after}`);
          assert.equal((await send(port, "/v1/notes/list", "{}")).status, 200, `${name} ${after}`);
          assert.ok(transport.isIdle);
        }
      }
    }
  });
}

test("a response with getters of an app that throw, or with an event error, costs its request alone", async (t) => {
  warningsOf(t);
  let misdeed: ((res: ServerResponse) => void) | undefined;
  const tampering: RequestHandler = (_req, res, next) => {
    misdeed?.(res);
    next();
  };
  const transport = new CountingTransport();
  const limits = { maxInFlight: 1, maxStreams: 1 };
  const gateway = createGateway({ services: [notes], transport, limits, observers: [{ onEnd: () => {} }] });
  const app = express().use(tampering).use(gateway.router);
  const ports = [await listen(t, createServer(app)), await listen(t, createServer(plain))];
  function plain(req: IncomingMessage, res: ServerResponse): void {
    misdeed?.(res);
    gateway.router(req, res);
  }
  const text = JSON.stringify({ text: "x".repeat(2 << 20) });
  const bodies = [
    ["get", "{}"],
    ["get", text],
    ["get", "{"],
    ["list", "{}"],
    ["chat", '{"text":"a"}{"text":"b"}'],
  ] as const;
  const misdeeds: ((res: ServerResponse) => void)[] = READ.flatMap((name) =>
    [0, 1, 2, 3].map((after) => (res: ServerResponse) => {
      let reads = 0;
      const original = () => Reflect.get(ServerResponse.prototype, name, res);
      const get = () => (reads++ < after ? original() : assert.fail(`the app's getter of ${name} failed`));
      Object.defineProperty(res, name, { get, configurable: true });
    }),
  );
  misdeeds.push((res) => setImmediate(() => res.emit("error", new Error("the app's"))));
  for (const port of ports) {
    for (const each of misdeeds) {
      for (const [rpc, body] of bodies) {
        misdeed = each;
        await send(port, `/v1/notes/${rpc}`, body).catch(() => {});
        misdeed = undefined;
        assert.equal((await send(port, "/v1/notes/get", "{}")).status, 200);
        assert.equal((await send(port, "/v1/notes/list", "{}")).status, 200);
        assert.ok(transport.isIdle);
      }
    }
  }
});

const REQUEST_MISDEEDS: Readonly<Record<string, (req: IncomingMessage, res: ServerResponse) => void>> =
  Object.fromEntries([
    ...(["on", "once", "off", "removeListener", "pause", "resume"] as const).flatMap((name) => [
      [`req.${name} throws`, (req: IncomingMessage) => Reflect.set(req, name, () => assert.fail("the app's"))],
      [`req.${name} rejects`, (req: IncomingMessage) => Reflect.set(req, name, async () => assert.fail("the app's"))],
    ]),
    ["req.off returns nothing", (req: IncomingMessage) => Reflect.set(req, "off", () => {})],
    [
      "res.emit throws",
      (_: IncomingMessage, res: ServerResponse) => Reflect.set(res, "emit", () => assert.fail("the app's")),
    ],
    [
      "res.emit rejects",
      (_: IncomingMessage, res: ServerResponse) => Reflect.set(res, "emit", async () => assert.fail("the app's")),
    ],
    ["res.emit swallows events", (_: IncomingMessage, res: ServerResponse) => Reflect.set(res, "emit", () => false)],
  ]);

test("a request whose functions an app replaces, or a response without events, costs its request alone", async (t) => {
  warningsOf(t);
  let misdeed: ((req: IncomingMessage, res: ServerResponse) => void) | undefined;
  let onHandled = (): void => {};
  const transport = new CountingTransport();
  const limits = { maxInFlight: 1, maxStreams: 1 };
  const gateway = createGateway({ services: [notes], transport, limits });
  const port = await listen(
    t,
    createServer((req, res) => {
      misdeed?.(req, res);
      gateway.router(req, res);
      onHandled();
    }),
  );
  for (const [name, each] of Object.entries(REQUEST_MISDEEDS)) {
    for (const [rpc, body] of [
      ["get", "{}"],
      ["get", "{"],
      ["list", "{}"],
      ["chat", '{"text":"a"}{"text":"b"}'],
    ] as const) {
      misdeed = each;
      const handled = new Promise<void>((resolve) => {
        onHandled = resolve;
      });
      const req = open(port, `/v1/notes/${rpc}`).on("error", () => {});
      req.end(body);
      await Promise.race([
        response(req).then(
          (res) => res.resume(),
          () => {},
        ),
        // Some never have a response. The request has reached the gateway by then.
        handled.then(someTurns),
      ]);
      misdeed = undefined;
      req.destroy();
      const isFree = async () => (await send(port, "/v1/notes/list", "{}")).status === 200;
      for (let tries = 0; !(await isFree()); tries++) assert.ok(tries < 100, `${name}: ${rpc} keeps its place`);
      assert.equal((await send(port, "/v1/notes/get", "{}")).status, 200, name);
    }
  }
});

test("an app that responds before the pieces of a large response has only its own", async (t) => {
  let other: Response | undefined;
  const impatient: RequestHandler = (_req, res, next) => {
    other = res;
    next();
  };
  const { transport, port } = await serveNotes(t, {}, { before: [impatient] });
  const sent = send(port, "/v1/notes/get", "{}");
  const call = await transport.nextUnary();
  call.respond(note({ text: "x".repeat(4 << 20) }));
  if (other?.headersSent === false) other.status(503).write("too ");
  // The gateway must not write its pieces in the meantime.
  await new Promise((resolve) => setTimeout(resolve, 20));
  other?.end("slow");
  const { body } = await sent;
  assert.ok(body === "too slow" || body.startsWith('{"text":"xxx'), body.slice(0, 20));
});

/** Waits for as many turns of the event loop as a request with a short body needs, and more. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}
