import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it, type TestContext } from "node:test";
import type { ErrorRequestHandler } from "express";
import type { Service } from "../../../runtime/core/call/rpc.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import type { GatewayResponses } from "../../../runtime/core/index.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";
import { send } from "../../http/requests.js";
import type { FakeTransport } from "./fake-transport.js";
import { note, noteCodec, notes } from "./notes.js";
import { HOSTS, type Mount, type Served, serveNotes } from "./serve-notes.js";

/** {@link notes} whose messages can be decoded, and how often one was. */
function decodableNotes(): { readonly service: Service; readonly decoded: () => number } {
  let count = 0;
  const responseDeserialize = (bytes: Buffer): object => {
    count++;
    return JSON.parse(wireToJson(noteCodec, bytes).toString());
  };
  const rpcs = Object.entries(notes.rpcs).map(([name, rpc]) => [
    name,
    { ...rpc, method: { ...rpc.method, responseDeserialize } },
  ]);
  return { service: { ...notes, rpcs: Object.fromEntries(rpcs) }, decoded: () => count };
}

function serve(t: TestContext, responses: GatewayResponses, mount: Mount = {}): Promise<Served> {
  return serveNotes(t, { services: [decodableNotes().service], responses }, mount);
}

/** What the process is warned of next. */
async function nextWarning(): Promise<string> {
  const [warning] = await once(process, "warning");
  return warning.message;
}

async function get(port: number, transport: FakeTransport, text = "a"): ReturnType<typeof send> {
  const sent = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).respond(note({ text }), [["x-id", "7"]], [["x-end", "8"]]);
  return sent;
}

async function fail(
  port: number,
  transport: FakeTransport,
  error = new GatewayError(Status.NOT_FOUND, "gone"),
): ReturnType<typeof send> {
  const sent = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).fail(error);
  return sent;
}

describe("responses.error", () => {
  it("gives status, headers and body by error, request and RPC", async (t) => {
    const { port, transport } = await serve(t, {
      error: ({ code, message }, { req, rpc, hasBegun }) => ({
        status: 418,
        headers: { "x-url": req.url ?? "", "content-type": "application/problem+json" },
        body: { title: message, code, rpc, hasBegun },
      }),
    });
    const { status, headers, body } = await fail(port, transport);
    assert.equal(status, 418);
    assert.equal(headers["x-url"], "/v1/notes/get");
    assert.equal(headers["content-type"], "application/problem+json");
    assert.deepEqual(JSON.parse(body), { title: "gone", code: 5, rpc: "test.Notes.Get", hasBegun: false });
  });

  for (const status of [204, 205, 304]) {
    it(`has no body, nor headers of one, with the status ${status}`, async (t) => {
      const error = () => ({ status, headers: { "x-why": "gone" }, body: { title: "gone" } });
      const { port, transport } = await serve(t, { error });
      for (const headers of [{}, { TE: "trailers" }]) {
        const sent = send(port, "/v1/notes/get", "{}", { headers });
        (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "gone"));
        const got = await sent;
        assert.deepEqual([got.status, got.body, got.headers["x-why"]], [status, "", "gone"]);
        const names = ["content-length", "content-type", "trailer"].filter((name) => name in got.headers);
        assert.deepEqual(names, []);
      }
    });
  }

  it("leaves to the gateway what it does not give", async (t) => {
    const { port, transport } = await serve(t, { error: ({ code }) => (code === Status.NOT_FOUND ? {} : undefined) });
    for (const code of [Status.NOT_FOUND, Status.ABORTED] as const) {
      const { status, headers, body } = await fail(port, transport, new GatewayError(code, "x"));
      assert.equal(status, code === Status.NOT_FOUND ? 404 : 409);
      assert.equal(headers["content-type"], "application/json");
      assert.deepEqual(JSON.parse(body), { code, message: "x" });
    }
  });

  it("may give text, and is asked about what the gateway itself rejects", async (t) => {
    const { port } = await serve(t, { error: ({ httpStatus }, { rpc }) => ({ body: `${httpStatus} ${rpc}` }) });
    const unknown = await send(port, "/v1/unknown", "{}");
    assert.deepEqual([unknown.status, unknown.body], [404, "404 undefined"]);
    assert.equal(unknown.headers["content-type"], "text/plain; charset=utf-8");
    assert.equal((await send(port, "/v1/notes/get", "{")).body, "400 test.Notes.Get");
    const foreign = await send(port, "/v1/notes/get", "{}", { headers: { Origin: "https://evil.example" } });
    assert.deepEqual([foreign.status, foreign.body], [403, "403 undefined"]);
  });

  it("replaces headers of the error, whatever their case, but none of the connection", async (t) => {
    const { port, transport } = await serve(t, { error: () => ({ headers: { "retry-after": "9" } }) });
    const error = new GatewayError(Status.UNAVAILABLE, "x", { headers: { "Retry-After": "1" } });
    assert.equal((await fail(port, transport, error)).headers["retry-after"], "9");

    const second = await serve(t, { error: () => ({ headers: { "Transfer-Encoding": "x" } }) });
    const warning = nextWarning();
    const { status, body } = await fail(second.port, second.transport);
    assert.deepEqual([status, JSON.parse(body).message], [404, "gone"]);
    assert.match(await warning, /responses\.error failed: cannot set the header Transfer-Encoding: the HTTP server/);
  });

  const circular: { self?: object } = {};
  circular.self = circular;
  const bad: readonly [what: string, hook: () => unknown][] = [
    ["throws", () => assert.fail("oh")],
    ["rejects", () => Promise.resolve({ status: 200 })],
    ["gives a status that is none", () => ({ status: 42 })],
    ["gives a header that cannot be sent", () => ({ headers: { x: "a\r\nb: c" } })],
    ["gives a body that is no JSON", () => ({ body: circular })],
    ["gives no object", () => 7],
  ];
  for (const [what, hook] of bad) {
    it(`that ${what} costs nothing but a warning`, async (t) => {
      const { port, transport } = await serve(t, { error: hook as GatewayResponses["error"] & {} });
      const warning = nextWarning();
      const { status, body } = await fail(port, transport);
      assert.deepEqual([status, JSON.parse(body)], [404, { code: 5, message: "gone" }]);
      assert.match(await warning, /^responses\.error failed: /);
      assert.equal((await get(port, transport)).status, 200);
    });
  }

  it("gives the body of an error in a stream", async (t) => {
    const asked: boolean[] = [];
    const { port, transport } = await serve(t, {
      error: ({ message }, { hasBegun }) => {
        asked.push(hasBegun);
        return { status: 418, body: { oops: message } };
      },
    });
    const framings = [
      ["application/json", '{"result":{"text":"a"}}\n{"error":{"oops":"gone"}}\n'],
      ["application/x-ndjson", '{"text":"a"}\n{"error":{"oops":"gone"}}\n'],
    ] as const;
    for (const [accept, expected] of framings) {
      const sent = send(port, "/v1/notes/list", "{}", { headers: { Accept: accept } });
      const stream = await transport.nextStream();
      stream.respond(note({ text: "a" }));
      stream.finish(new GatewayError(Status.ABORTED, "gone"));
      const { status, body } = await sent;
      assert.deepEqual([status, body], [200, expected]);
    }
    const sent = send(port, "/v1/notes/list", "{}");
    (await transport.nextStream()).finish(new GatewayError(Status.ABORTED, "gone"));
    const { status, body } = await sent;
    assert.deepEqual([status, body], [418, '{"error":{"oops":"gone"}}\n']);
    assert.deepEqual(asked, [true, true, false]);
  });
});

describe("responses.success", () => {
  it("gives status and headers by RPC, metadata and message", async (t) => {
    const { port, transport } = await serve(t, {
      success: ({ rpc, req, metadata, trailers, message }) => ({
        status: 201,
        headers: {
          Location: `${req.url}/${Reflect.get(message, "text")}`,
          "X-Call": JSON.stringify([rpc, metadata, trailers]),
          "Set-Cookie": ["a=1", "b=2"],
          "content-type": "application/vnd.note+json",
          "X-None": undefined,
        },
      }),
    });
    const { status, headers, body } = await get(port, transport, "n1");
    assert.equal(status, 201);
    assert.equal(headers.location, "/v1/notes/get/n1");
    assert.equal(headers["x-call"], '["test.Notes.Get",[["x-id","7"]],[["x-end","8"]]]');
    assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
    assert.equal(headers["content-type"], "application/vnd.note+json");
    assert.equal(headers["grpc-metadata-x-id"], "7");
    assert.equal("x-none" in headers, false);
    assert.equal(body, '{"text":"n1"}');
  });

  it("decodes the message when it is asked for, once", async (t) => {
    const { service, decoded } = decodableNotes();
    const { port, transport } = await serveNotes(t, {
      services: [service],
      responses: {
        success: (response) => {
          if (response.metadata.length > 0) void [response.message, response.message];
          return undefined;
        },
      },
    });
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).respond(note({ text: "a" }));
    assert.equal((await sent).status, 200);
    assert.equal(decoded(), 0);
    await get(port, transport);
    assert.equal(decoded(), 1);
  });

  it("may say that there is no body", async (t) => {
    const { port, transport } = await serve(t, { success: () => ({ status: 204 }) });
    const { status, headers, body } = await get(port, transport);
    assert.deepEqual([status, body, headers["content-length"]], [204, "", undefined]);
  });

  it("is asked about the first message of a stream", async (t) => {
    const { port, transport } = await serve(t, {
      success: ({ message }) => ({ headers: { "X-First": String(Reflect.get(message, "text")) } }),
    });
    const sent = send(port, "/v1/notes/list", "{}");
    const stream = await transport.nextStream();
    stream.respond(note({ text: "a" }));
    stream.respond(note({ text: "b" }));
    stream.finish();
    const { headers, body } = await sent;
    assert.equal(headers["x-first"], "a");
    assert.equal(body, '{"result":{"text":"a"}}\n{"result":{"text":"b"}}\n');
  });

  it("turns its GatewayError into the response, and other errors into 500, and harms no other request", async (t) => {
    const causes: unknown[] = [];
    const { port, transport } = await serveNotes(t, {
      onError: ({ cause }) => causes.push(cause),
      responses: {
        success: ({ req }) => {
          if (req.url?.endsWith("?reject") === true) throw new GatewayError(Status.ABORTED, "no");
          if (req.url?.endsWith("?fail") === true) throw new TypeError("secret");
          if (req.url?.endsWith("?bad") === true) return { status: 99 };
          if (req.url?.endsWith("?length") === true) return { headers: { "Content-Length": "2" } };
          return undefined;
        },
      },
    });
    for (const [query, expected] of [
      ["?reject", [409, '{"code":10,"message":"no"}']],
      ["?fail", [500, '{"code":13,"message":"internal error"}']],
      ["?bad", [500, '{"code":13,"message":"internal error"}']],
      ["?length", [500, '{"code":13,"message":"internal error"}']],
    ] as const) {
      const sent = send(port, `/v1/notes/get${query}`, "{}");
      (await transport.nextUnary()).respond(note({}));
      const { status, body } = await sent;
      assert.deepEqual([status, body], expected);
      const streamed = send(port, `/v1/notes/list${query}`, "{}");
      (await transport.nextStream()).respond(note({}));
      assert.equal((await streamed).status, expected[0]);
      const gathered = send(port, `/v1/notes/gather${query}`, "{}");
      const gather = await transport.nextStream();
      gather.respond(note({}));
      gather.finish();
      assert.equal((await gathered).status, expected[0]);
    }
    assert.equal((await get(port, transport)).status, 200);
    assert.match(String(causes[3]), /secret/);
  });
});

describe("responses.headerName and trailerName", () => {
  const TE = { headers: { TE: "trailers" } };

  it("say which headers metadata becomes", async (t) => {
    const { port, transport } = await serve(t, {
      headerName: (key) => (key === "x-id" ? "X-Request-Id" : key === "etag" ? "ETag" : undefined),
    });
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).respond(note({}), [
      ["x-id", "7"],
      ["etag", "e"],
      ["secret", "s"],
    ]);
    const { headers } = await sent;
    assert.deepEqual([headers["x-request-id"], headers.etag], ["7", "e"]);
    assert.equal(
      Object.keys(headers).some((name) => name.startsWith("grpc-")),
      false,
    );
    const failed = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).fail(new GatewayError(Status.ABORTED, "x"), [["x-id", "8"]]);
    assert.equal((await failed).headers["x-request-id"], "8");
  });

  it("that throw, or give a value that is not a header's name, cost the header", async (t) => {
    const { port, transport } = await serve(t, {
      headerName: (key) => (key === "a" ? assert.fail("oh") : key === "b" ? "Content-Length" : key),
    });
    const warnings = [nextWarning()];
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).respond(note({}), [
      ["a", "1"],
      ["b", "2"],
      ["c", "3"],
    ]);
    const { status, headers } = await sent;
    assert.deepEqual([status, headers["content-length"], headers["c"], headers["a"]], [200, "2", "3", undefined]);
    assert.match(await (warnings[0] ?? ""), /no header for the metadata a: oh/);
  });

  it("are asked again after they have thrown", async (t) => {
    let asked = 0;
    const { port, transport } = await serve(t, {
      headerName: (key) => (asked++ === 0 ? assert.fail("not yet") : key),
    });
    const metadata: [string, string][] = [["c", "3"]];
    for (const expected of [undefined, "3"]) {
      const sent = send(port, "/v1/notes/get", "{}");
      (await transport.nextUnary()).respond(note({}), metadata);
      assert.equal((await sent).headers["c"], expected);
    }
  });

  it("give trailers to clients that take them", async (t) => {
    const { port, transport } = await serve(t, {
      trailerName: (key) => (key === "x-end" ? "X-End" : undefined),
    });
    const sent = send(port, "/v1/notes/get", "{}", TE);
    (await transport.nextUnary()).respond(
      note({}),
      [],
      [
        ["x-end", "1"],
        ["other", "2"],
      ],
    );
    assert.deepEqual((await sent).trailers, { "x-end": "1" });
  });

  it("are Grpc-Trailer-* by default, of messages, errors and streams", async (t) => {
    const { port, transport } = await serveNotes(t);
    const trailers = [
      ["x-end", "1"],
      ["x-end", "2"],
      ["b-bin", Buffer.from("b")],
      ["grpc-x", "no"],
    ] as const;
    const expected = { "grpc-trailer-x-end": "1, 2", "grpc-trailer-b-bin": "Yg==" };

    const sent = send(port, "/v1/notes/get", "{}", TE);
    (await transport.nextUnary()).respond(note({ text: "a" }), [], trailers);
    const answered = await sent;
    assert.deepEqual([answered.body, answered.trailers], ['{"text":"a"}', expected]);
    assert.equal(answered.headers.trailer, "Grpc-Trailer-X-End, Grpc-Trailer-B-Bin");

    const failed = send(port, "/v1/notes/get", "{}", TE);
    (await transport.nextUnary()).fail(new GatewayError(Status.ABORTED, "x"), [], trailers);
    const { status, trailers: ofError } = await failed;
    assert.deepEqual([status, ofError], [409, expected]);

    const streamed = send(port, "/v1/notes/list", "{}", TE);
    const stream = await transport.nextStream();
    stream.respond(note({}));
    stream.finish(undefined, trailers);
    assert.deepEqual((await streamed).trailers, expected);
  });

  it("are not sent to others, or where there are none", async (t) => {
    const { port, transport } = await serveNotes(t);
    for (const [options, trailers] of [
      [{}, [["x-end", "1"]]],
      [TE, []],
    ] as const) {
      const sent = send(port, "/v1/notes/get", "{}", options);
      (await transport.nextUnary()).respond(note({}), [], trailers);
      const { headers, trailers: got } = await sent;
      assert.deepEqual([headers["content-length"], got], ["2", {}]);
    }
  });
});

describe("responses.unknownRoute", () => {
  for (const host of HOSTS) {
    it(`responds with 404 and 405 in place of the gateway, in ${host}`, async (t) => {
      const { port, transport } = await serve(
        t,
        {
          unknownRoute: ({ httpStatus, headers }, req, res) => {
            res.writeHead(httpStatus, headers).end(`custom ${req.method}`);
          },
        },
        { host },
      );
      const unknown = await send(port, "/v1/unknown", "{}");
      assert.deepEqual([unknown.status, unknown.body], [404, "custom POST"]);
      const wrong = await send(port, "/v1/notes/get", "", { method: "DELETE" });
      assert.deepEqual([wrong.status, wrong.headers.allow], [405, "POST"]);
      assert.equal((await get(port, transport)).status, 200);
    });
  }

  it("may pass a request on", async (t) => {
    const { port } = await serve(
      t,
      { unknownRoute: (_error, _req, _res, next) => next() },
      { after: [(_req, res) => void res.send("behind")] },
    );
    assert.equal((await send(port, "/v1/unknown", "{}")).body, "behind");
    const bare = await serve(t, { unknownRoute: (_error, _req, _res, next) => next() }, { host: "node:http" });
    assert.equal((await send(bare.port, "/v1/unknown", "{}")).status, 404);
  });

  it("may be an error handler of Express's", async (t) => {
    const handler: ErrorRequestHandler = (error, _req, res, _next) => void res.status(error.httpStatus).send("express");
    const { port } = await serve(t, { unknownRoute: handler });
    const { status, body } = await send(port, "/v1/unknown", "{}");
    assert.deepEqual([status, body], [404, "express"]);
  });

  for (const [what, unknownRoute] of [
    ["throws", () => assert.fail("oh")],
    ["rejects", () => Promise.reject(new Error("oh"))],
  ] as const) {
    it(`that ${what} leaves the request to the gateway`, async (t) => {
      const { port } = await serve(t, { unknownRoute });
      const warning = nextWarning();
      const { status, body } = await send(port, "/v1/unknown", "{}");
      assert.deepEqual([status, JSON.parse(body).message], [404, "Not Found"]);
      assert.equal(await warning, "responses.unknownRoute failed: oh");
    });
  }
});
