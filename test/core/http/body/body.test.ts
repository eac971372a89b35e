import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import express, { type RequestHandler } from "express";
import express4 from "express4";
import { answer, open, send } from "../../../http/requests.js";
import { note } from "../notes.js";
import { type Mount, serveNotes } from "../serve-notes.js";

test("a body over the limit is rejected by its Content-Length, before it is sent", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { maxBody: 10 } });
  for (const path of ["/v1/notes/get", "/v1/notes/list"]) {
    const req = open(port, path, { headers: { "Content-Length": 11 } });
    req.on("error", () => {});
    req.flushHeaders();
    const { status, headers, body } = await answer(req);
    assert.equal(status, 413);
    assert.equal(headers.connection, "close");
    assert.equal(JSON.parse(body).code, 8);
    req.destroy();
  }
  const sent = send(port, "/v1/notes/get", '{"size":1}');
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, note({ size: 1 }));
  call.respond(note({}));
  assert.equal((await sent).status, 200);
});

test("a body over the limit is rejected while it arrives, and its sender still gets the response", async (t) => {
  const { transport, port } = await serveNotes(t, { limits: { maxBody: 1 << 16 } });
  const req = open(port, "/v1/notes/get");
  req.on("error", () => {});
  const chunk = Buffer.alloc(1 << 16, " ");
  let stopped = false;
  const upload = (): void => {
    while (!stopped && req.write(chunk)) {}
  };
  req.on("drain", upload);
  upload();
  const before = process.memoryUsage().rss;
  const { status, headers, body } = await answer(req);
  stopped = true;
  assert.equal(status, 413);
  assert.equal(headers.connection, "close");
  assert.equal(JSON.parse(body).code, 8);
  assert.ok(process.memoryUsage().rss - before < 64 << 20);
  assert.equal(transport.waiting, 0);
});

test("a body, or a first message, that does not arrive is rejected after a while", async (t) => {
  const { transport, port } = await serveNotes(t, { timeouts: { body: 50 } });
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    const req = open(port, path, { headers: { "Content-Length": 10 } });
    req.on("error", () => {});
    req.write("{");
    const { status, headers, body } = await answer(req);
    assert.equal(status, 408, path);
    assert.equal(headers.connection, "close");
    assert.equal(JSON.parse(body).code, 4);
    req.destroy();
  }
  assert.equal(transport.waiting, 0);
});

test("what follows the first message of a stream may take its time", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { transport, port } = await serveNotes(t, { timeouts: { body: 1_000 } });
  const chat = open(port, "/v1/notes/chat");
  chat.on("error", () => {});
  chat.write("{}");
  const call = await transport.nextStream();
  t.mock.timers.tick(10_000);
  chat.write('{"text":"late"}');
  await call.nextRequest();
  assert.deepEqual(await call.nextRequest(), note({ text: "late" }));
  chat.destroy();
  await call.canceled;
});

test("an encoded body is rejected, an unencoded one is not", async (t) => {
  const { transport, port } = await serveNotes(t);
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    const { status, headers, body } = await send(port, path, "{}", { headers: { "Content-Encoding": "gzip" } });
    assert.equal(status, 415);
    assert.equal(headers["accept-encoding"], "identity");
    assert.equal(JSON.parse(body).code, 3);
  }
  assert.equal(transport.waiting, 0);
  const empty = send(port, "/v1/notes/get", "{}", { headers: { "Content-Encoding": "" } });
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await empty).status, 200);
  const sent = send(port, "/v1/notes/get", "{}", { headers: { "Content-Encoding": "Identity" } });
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await sent).status, 200);
});

test("a body in many chunks, and one that waits for 100 Continue", async (t) => {
  const { transport, port } = await serveNotes(t);
  const text = "é".repeat(1000);
  const body = Buffer.from(JSON.stringify({ text }));
  const req = open(port, "/v1/notes/get");
  for (const byte of body) req.write(Buffer.of(byte));
  req.end();
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, note({ text }));
  call.respond(note({}));
  assert.equal((await answer(req)).status, 200);
  const waiting = open(port, "/v1/notes/get", { headers: { Expect: "100-continue", "Content-Length": body.length } });
  waiting.flushHeaders();
  await once(waiting, "continue");
  waiting.end(body);
  (await transport.nextUnary()).respond(note({}));
  assert.equal((await answer(waiting)).status, 200);
});

/** Each body parser, as an app might have it before the gateway. */
const PARSERS: readonly (readonly [string, Mount["host"], readonly RequestHandler[]])[] = [
  ["express.json() of Express 5", "Express 5", [express.json()]],
  ["express.json() of Express 4", "Express 4", [express4.json()]],
  ["express.json() for any type", "Express 5", [express.json({ type: () => true, strict: false })]],
  ["express.text() for any type", "Express 5", [express.text({ type: () => true })]],
  ["express.raw() for any type", "Express 5", [express.raw({ type: () => true })]],
  ["express.urlencoded()", "Express 4", [express4.urlencoded({ extended: true })]],
  [
    "all of them",
    "Express 4",
    [express4.json(), express4.urlencoded({ extended: false }), express4.text(), express4.raw()],
  ],
];

for (const [name, host, before] of PARSERS) {
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    test(`JSON behind ${name} is the same, at ${path}`, async (t) => {
      const { transport, port } = await serveNotes(t, {}, host === undefined ? { before } : { before, host });
      for (const type of ["application/json", "text/x-other"]) {
        const body = '{"text":"\\u00e9","size":9007199254740991,"unknown":[-1.5,null,true]}';
        const sent = send(port, path, body, { headers: { "Content-Type": type } });
        const expected = note({ text: "é", size: "9007199254740991" });
        if (path === "/v1/notes/get") {
          const call = await transport.nextUnary();
          assert.deepEqual(call.request, expected);
          call.respond(note({}));
        } else {
          const call = await transport.nextStream();
          assert.deepEqual(await call.nextRequest(), expected);
          assert.equal(await call.nextRequest(), undefined);
          call.finish();
        }
        assert.equal((await sent).status, 200);
      }
    });
  }
}

test("a parsed body with a number that may have been rounded is rejected, one with a string is not", async (t) => {
  const { transport, port } = await serveNotes(t, {}, { before: [express.json()] });
  const options = { headers: { "Content-Type": "application/json" } };
  for (const number of ["9007199254740993", "-9007199254740993", "9007199254740992", "1e400", '[{"a":1e300}]']) {
    const { status, body } = await send(port, "/v1/notes/get", `{"size":${number}}`, options);
    assert.equal(status, 500, number);
    assert.match(JSON.parse(body).message, /mount the gateway before the app's body parsers/);
  }
  assert.equal(transport.waiting, 0);
  const sent = send(port, "/v1/notes/get", '{"size":"9007199254740993"}', options);
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, note({ size: "9007199254740993" }));
  call.respond(note({}));
  assert.equal((await sent).status, 200);
});

test("a parsed body in which an app has put a value that is not JSON text is rejected, and nobody else waits for it", async (t) => {
  const changes: ((body: Record<string, unknown>) => void)[] = [
    (body) => {
      body["self"] = body;
    },
    (body) => {
      let value: object = {};
      for (let level = 0; level < 60; level++) value = { left: value, right: value };
      body["wide"] = value;
    },
    (body) => {
      body["size"] = 1n;
    },
  ];
  let change = 0;
  const changer: RequestHandler = (req, _res, next) => {
    changes[change++]?.(req.body);
    next();
  };
  const { transport, port } = await serveNotes(t, {}, { before: [express.json(), changer] });
  const options = { headers: { "Content-Type": "application/json" } };
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    change = 0;
    for (const _ of changes) {
      const { status, body } = await send(port, path, '{"text":"a"}', options);
      assert.equal(status, 500, body);
      assert.match(JSON.parse(body).message, /(twice|cannot be written as JSON): mount the gateway before/);
    }
  }
  assert.equal(transport.waiting, 0);
});

test("a body that a form parser has eaten is rejected with a word on what to do", async (t) => {
  const { transport, port } = await serveNotes(t, {}, { before: [express.urlencoded({ extended: true })] });
  for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const { status, body } = await send(port, path, '{"text":"a=b&c"}', { headers });
    assert.equal(status, 500);
    assert.deepEqual(JSON.parse(body).code, 13);
    assert.match(JSON.parse(body).message, /mount the gateway before the app's body parsers/);
  }
  assert.equal(transport.waiting, 0);
});

test("a body that something has read and not kept is rejected, one whose bytes it kept is exact", async (t) => {
  const reader: RequestHandler = (req, _res, next) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      if (req.headers["x-keep"] !== undefined)
        Object.assign(req, { rawBody: Buffer.concat(chunks), body: { lost: 1 } });
      next();
    });
  };
  const { transport, port } = await serveNotes(t, {}, { before: [reader] });
  assert.equal((await send(port, "/v1/notes/get", "{}")).status, 500);
  const sent = send(port, "/v1/notes/get", '{"size":9007199254740993}', { headers: { "X-Keep": "1" } });
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, note({ size: "9007199254740993" }));
  call.respond(note({}));
  assert.equal((await sent).status, 200);
});

/** Middleware that takes a body without a trace in `req.body`, as parsers of files do. */
const TAKERS: Readonly<Record<string, RequestHandler>> = {
  "reads it with for await": async (req, _res, next) => {
    for await (const _ of req) {
      // Thrown away.
    }
    next();
  },
  "pipes it elsewhere": (req, _res, next) => {
    req.pipe(new PassThrough().resume()).on("end", () => next());
  },
  "reads a byte of it": (req, _res, next) => {
    req.once("readable", () => {
      req.read(1);
      next();
    });
  },
  "stops after its first chunk": (req, _res, next) => {
    req.once("data", () => {
      req.pause();
      next();
    });
  },
  "leaves the fields of a form": (req, _res, next) => {
    req.resume().on("end", () => {
      req.body = { key: "Zm9v" };
      req.headers["content-type"] = "multipart/form-data; boundary=x";
      next();
    });
  },
};

for (const [what, taker] of Object.entries(TAKERS)) {
  test(`behind middleware that ${what} a body is rejected, and nothing is called`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { before: [taker] });
    for (const path of ["/v1/notes/get", "/v1/notes/list", "/v1/notes/chat"]) {
      const { status, body } = await send(port, path, '{"text":"x"}');
      assert.equal(status, 500);
      assert.match(JSON.parse(body).message, /mount the gateway before the app's body parsers/);
    }
    assert.equal(transport.waiting, 0);
  });
}

test("a parsed body has the limit of any other, and may not be nested without end", async (t) => {
  const json = express.json({ limit: "10mb" });
  const { port } = await serveNotes(t, { limits: { maxBody: 200_000 } }, { before: [json] });
  const options = { headers: { "Content-Type": "application/json", "Transfer-Encoding": "chunked" } };
  assert.equal((await send(port, "/v1/notes/get", `{"a":"${"x".repeat(200_000)}"}`, options)).status, 413);
  const deep = `{"a":${"[".repeat(90_000)}${"]".repeat(90_000)}}`;
  assert.equal((await send(port, "/v1/notes/get", deep, options)).status, 400);
});
