import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { type ChannelOptions, callJson, createChannel, detailOf, RpcError, streamJson } from "@etcd-gateway/client";
import { etcdClient } from "etcd-gateway/client";
import { urlOf } from "./servers.js";

type Respond = (res: ServerResponse, req: IncomingMessage, count: number) => void;

/** Starts a server that responds to every request as it is told; `requests` has those that came. */
async function serve(t: TestContext, respond: Respond): Promise<{ baseUrl: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    respond(res, req, requests.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: urlOf(server), requests };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Respond {
  return (res) => {
    res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

const GET = { method: "GET", path: "/v1/x", rpc: "x.X.Get" };
const POST = { method: "POST", path: "/v1/x", body: "{}", rpc: "x.X.Post" };

async function failure(t: TestContext, respond: Respond, options: Partial<ChannelOptions> = {}): Promise<RpcError> {
  const { baseUrl } = await serve(t, respond);
  const error: unknown = await callJson(createChannel({ retries: 0, ...options, baseUrl }), POST).then(
    () => assert.fail("the call did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RpcError);
  return error;
}

describe("errors", { timeout: 60_000 }, () => {
  const told = ({ code, codeName, httpStatus, rawMessage, details, rpc }: RpcError): unknown[] => [
    code,
    codeName,
    httpStatus,
    rawMessage,
    details,
    rpc,
  ];

  test("are read as every family of gateways writes them", async (t) => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R" }];
    assert.deepEqual(told(await failure(t, json(404, { code: 5, message: "gone", details }))), [
      ...[5, "NOT_FOUND", 404, "gone", details, "x.X.Post"],
    ]);
    const v1 = await failure(t, json(400, { error: "bad", message: "bad", code: 3 }));
    assert.deepEqual(told(v1), [3, "INVALID_ARGUMENT", 400, "bad", [], "x.X.Post"]);
    const old = await failure(t, json(400, { error: "bad", code: 3 }));
    assert.deepEqual(told(old), [3, "INVALID_ARGUMENT", 400, "bad", [], "x.X.Post"]);
    const stream = await failure(
      t,
      json(400, { error: { grpc_code: 3, http_code: 400, message: "m", http_status: "Bad Request" } }),
    );
    assert.deepEqual(told(stream), [3, "INVALID_ARGUMENT", 400, "m", [], "x.X.Post"]);
  });

  test("have details that are read by their types", async (t) => {
    const type = (name: string) => ({ "@type": `type.googleapis.com/google.rpc.${name}` });
    const error = await failure(
      t,
      json(400, {
        code: 3,
        message: "m",
        details: [
          { ...type("BadRequest"), fieldViolations: [{ field: "a.b" }] },
          { ...type("ErrorInfo"), reason: "R", metadata: { some_key: "v" } },
          { ...type("RetryInfo"), retryDelay: "1.5s" },
          { ...type("Help"), links: "none" },
        ],
      }),
    );
    const violation = { field: "a.b", description: "", reason: "" };
    assert.deepEqual(detailOf(error, "BadRequest"), { field_violations: [violation] });
    assert.deepEqual(detailOf(error, "ErrorInfo"), { reason: "R", domain: "", metadata: { some_key: "v" } });
    assert.equal(detailOf(error, "RetryInfo")?.retry_delay?.nanos, 500_000_000);
    assert.deepEqual([detailOf(error, "Help"), detailOf(error, "DebugInfo")], [undefined, undefined]);
  });

  test("of proxies are told by their status, and by their text if it is short and plain", async (t) => {
    const html = await failure(t, (res) => res.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad</h1>"));
    assert.deepEqual(told(html), [14, "UNAVAILABLE", 502, "HTTP status 502: Bad Gateway", [], "x.X.Post"]);
    const text = await failure(t, (res) => res.writeHead(404, { "content-type": "text/plain" }).end("404 page\n"));
    assert.deepEqual(told(text), [12, "UNIMPLEMENTED", 404, "HTTP status 404: Not Found: 404 page", [], "x.X.Post"]);
    const busy = await failure(t, (res) => res.writeHead(503, { "retry-after": "7" }).end());
    assert.deepEqual([busy.code, busy.retryAfter], [14, 7000]);
  });

  test("are told of a server that cannot be reached, or breaks off", async (t) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const channel = createChannel({ baseUrl: urlOf(server), retries: 0 });
    server.close();
    await once(server, "close");
    await assert.rejects(callJson(channel, POST), ({ code, httpStatus, rawMessage }: RpcError) => {
      assert.deepEqual([code, httpStatus], [14, undefined]);
      assert.match(rawMessage, /^the connection failed: .*ECONNREFUSED/);
      return true;
    });
    const cut = await failure(t, (res) => {
      res.writeHead(200, { "content-length": 100 });
      res.write('{"a":');
      setImmediate(() => res.destroy());
    });
    assert.equal(cut.code, 14);
  });

  test("are told of an answer that is no such message", async (t) => {
    const { baseUrl } = await serve(t, (res, _req, count) =>
      res.end(
        [
          '{"header":{"revision":9007199254740993}}',
          '{"kvs":[{"key":"*"}]}',
          '{"count":"1e3"}',
          "<html>",
          '{"header":{"revision":9007199254740991},"unknown":1}',
        ][count - 1],
      ),
    );
    const etcd = etcdClient({ baseUrl });
    for (const why of [
      "the response cannot be read: header.revision: expected an int64 as a string, got 9007199254740992",
      'the response cannot be read: kvs[0].key: expected base64, got "*"',
      'the response cannot be read: count: expected an int64 as a string, got "1e3"',
      'the response is no JSON: "<html>"',
    ]) {
      await assert.rejects(etcd.kv.range({}), { code: 13, rawMessage: why });
    }
    assert.equal((await etcd.kv.range({})).header?.revision, 9007199254740991n);
  });

  test("are told of options that cannot be used", () => {
    for (const baseUrl of ["", "127.0.0.1:8080", "ftp://x/", "http://a:b@x/", "http://x/?a=b"]) {
      assert.throws(() => createChannel({ baseUrl }), TypeError, baseUrl);
    }
    assert.throws(() => etcdClient({ baseUrl: "http://x", prefix: "v3" }), /^TypeError: prefix: /);
    const baseUrl = "http://x";
    for (const [options, message] of [
      [5, "options: expected an object, got 5"],
      [undefined, "options: expected an object, got undefined"],
      [{}, /^baseUrl: expected the URL of a server, .*, got undefined$/],
      [{ baseUrl: 5 }, "baseUrl: expected a string, got 5"],
      [{ baseUrl, token: 5 }, "token: expected a string or a function, got 5"],
      [{ baseUrl, headers: null }, "headers: expected an object or a function, got null"],
      [{ baseUrl, credentials: "all" }, 'credentials: expected "omit", "same-origin" or "include", got "all"'],
      [{ baseUrl, fetch: {} }, "fetch: expected a function, got an object"],
      [{ baseUrl, WebSocket: true }, "WebSocket: expected a function, got true"],
      [{ baseUrl, text: "yes" }, 'text: expected true or false, got "yes"'],
      [{ baseUrl, timeouts: 5 }, "timeouts: expected an object, got 5"],
      [{ baseUrl, timeouts: { unary: "5s" } }, 'timeouts.unary: expected a whole number, 0 or more, got "5s"'],
      [
        { baseUrl, timeouts: { rpcs: { "a.B.C": -1 } } },
        "timeouts.rpcs.a.B.C: expected a whole number, 0 or more, got -1",
      ],
      [{ baseUrl, timeouts: { stream: 5 } }, "timeouts.stream: there is no such option: there are unary, rpcs"],
      [{ baseUrl, retries: 0.5 }, "retries: expected a whole number, 0 or more, got 0.5"],
      [{ baseUrl, idempotent: "a.B.C" }, 'idempotent: expected a list of full names of rpcs, got "a.B.C"'],
      [{ baseUrl, idempotent: ["a.B.C", 5] }, "idempotent[1]: expected the full name of an rpc, got 5"],
      [{ baseUrl, receiveBuffer: Number.NaN }, "receiveBuffer: expected a whole number, 0 or more, got NaN"],
      [{ baseUrl, tokn: "secret" }, /^tokn: there is no such option: there are baseUrl, token, /],
    ] as const) {
      assert.throws(() => Reflect.apply(createChannel, undefined, [options]), { name: "TypeError", message });
      if (typeof options === "object" && "baseUrl" in options) {
        assert.throws(() => Reflect.apply(etcdClient, undefined, [options]), { name: "TypeError", message });
      }
    }
    for (const options of [5, undefined, null, {}]) {
      assert.throws(() => Reflect.apply(etcdClient, undefined, [options]), /^TypeError: baseUrl: /);
    }
    Reflect.apply(createChannel, undefined, [{ baseUrl, token: undefined, timeouts: { unary: undefined } }]);
  });
});

describe("tokens and headers", { timeout: 60_000 }, () => {
  test("are sent as the API wants them", async (t) => {
    const { baseUrl, requests } = await serve(t, json(200, {}));
    const options = { token: "T", headers: () => ({ "x-a": "1" }), baseUrl: `${baseUrl}/mounted/` };
    await callJson(createChannel(options), { ...POST, path: "/v1/x?y=z" }, { timeout: 1500, metadata: { a: "b" } });
    await etcdClient({ ...options, prefix: "/v3beta" }).kv.range({}, { headers: { "x-a": "2" } });
    const [first, second] = requests.map(({ url, headers }) => [url, headers.authorization, headers["x-a"]]);
    assert.deepEqual(first, ["/mounted/v1/x?y=z", "Bearer T", "1"]);
    assert.deepEqual(second, ["/mounted/v3beta/kv/range", "T", "2"]);
    assert.match(String(requests[0]?.headers["grpc-timeout"]), /^1[45]\d\dm$/);
    assert.equal(requests[0]?.headers["grpc-metadata-a"], "b");
    const bad = createChannel({ ...options, token: "a\nb" });
    await assert.rejects(callJson(bad, POST), { code: 3, rawMessage: "a header cannot be sent" });
    assert.equal(requests.length, 2);
  });

  test("have the time limit, but not from a page to another origin, which may not allow it", async (t) => {
    const { baseUrl, requests } = await serve(t, json(200, {}));
    t.after(() => ["location", "origin"].map((name) => Reflect.deleteProperty(globalThis, name)));
    for (const origin of [baseUrl, "http://127.0.0.1:9", "null"]) {
      Object.assign(globalThis, { location: { href: `${baseUrl}/page` }, origin });
      await callJson(createChannel({ baseUrl }), POST);
    }
    const sent = requests.map(({ headers }) => "grpc-timeout" in headers);
    assert.deepEqual(sent, [true, false, false]);
  });

  test("are asked for once more when they are refused, and no more than once", async (t) => {
    const { baseUrl, requests } = await serve(t, (res, req, count) => {
      const isGood = req.headers.authorization === "Bearer new";
      (isGood ? json(200, { a: 1 }) : json(401, { code: 16, message: "invalid token" }))(res, req, count);
    });
    const asked: unknown[] = [];
    const token = async (refused?: string): Promise<string> => {
      asked.push(refused);
      return refused === undefined ? "old" : "new";
    };
    assert.equal(await callJson(createChannel({ baseUrl, token }), POST), '{"a":1}');
    assert.deepEqual(asked, [undefined, "old"]);
    assert.equal(requests.length, 2);
    const stubborn = createChannel({ baseUrl, token: () => "old" });
    await assert.rejects(callJson(stubborn, POST), { code: 16, httpStatus: 401 });
    const other = createChannel({ baseUrl, token: (refused) => `${refused ?? ""}x` });
    await assert.rejects(callJson(other, POST), { code: 16 });
    assert.equal(requests.length, 5);
    const failing = createChannel({ baseUrl, token: () => Promise.reject(new Error("no password")) });
    await assert.rejects(callJson(failing, POST), { code: 16, rawMessage: "there is no token: Error: no password" });
  });
});

describe("repetition", { timeout: 60_000 }, () => {
  const busy =
    (after: number): Respond =>
    (res, req, count) =>
      (count <= after ? json(503, { code: 14, message: "busy" }) : json(200, { count }))(res, req, count);

  test("is for calls that change nothing, and ends", async (t) => {
    const twice = await serve(t, busy(2));
    assert.equal(await callJson(createChannel({ baseUrl: twice.baseUrl }), GET), '{"count":3}');
    const always = await serve(t, busy(99));
    await assert.rejects(callJson(createChannel({ baseUrl: always.baseUrl }), GET), { code: 14 });
    assert.equal(always.requests.length, 3);
    await assert.rejects(callJson(createChannel({ baseUrl: always.baseUrl }), POST), { code: 14 });
    assert.equal(always.requests.length, 4);
    await callJson(createChannel({ baseUrl: always.baseUrl }), GET, { retries: 0 }).catch(() => {});
    assert.equal(always.requests.length, 5);
    const named = createChannel({ baseUrl: (await serve(t, busy(1))).baseUrl, idempotent: [POST.rpc] });
    assert.equal(await callJson(named, POST), '{"count":2}');
  });

  test("is for etcd's reads and not for its writes, of an answer that broke off too", async (t) => {
    const { baseUrl, requests } = await serve(t, (res, _req, count) => {
      if (count % 2 === 0) res.end("{}");
      else res.writeHead(200, { "content-length": 9 }).write("{", () => res.destroy());
    });
    const etcd = etcdClient({ baseUrl });
    await etcd.kv.range({});
    assert.equal(requests.length, 2);
    await assert.rejects(etcd.kv.put({}), { code: 14 });
    assert.equal(requests.length, 3);
  });

  test("stops at the deadline and at an abort", async (t) => {
    const { baseUrl } = await serve(t, json(503, {}, { "retry-after": "3600" }));
    const channel = createChannel({ baseUrl, retries: 1000 });
    await assert.rejects(callJson(channel, GET, { timeout: 200 }), { code: 4 });
    const signal = AbortSignal.timeout(200);
    await assert.rejects(callJson(channel, GET, { signal }), { code: 1 });
  });
});

describe("the end of a call", { timeout: 60_000 }, () => {
  test("by deadline or abort reaches the server, in whatever state the call is", async (t) => {
    for (const begins of [false, true]) {
      for (const make of [callJson, streamOnce]) {
        const closed: Promise<unknown>[] = [];
        let onRequest = (): void => {};
        const { baseUrl } = await serve(t, (res) => {
          closed.push(once(res, "close"));
          if (begins) res.writeHead(200).write('{"result":');
          onRequest();
        });
        const channel = createChannel({ baseUrl });
        await assert.rejects(make(channel, POST, { timeout: 100 }), { code: 4, rpc: "x.X.Post" });
        const controller = new AbortController();
        onRequest = () => controller.abort("enough");
        const { signal } = controller;
        await assert.rejects(make(channel, POST, { signal }), { code: 1, cause: "enough" });
        await Promise.all(closed);
        const { length } = closed;
        await assert.rejects(make(channel, POST, { signal }), { code: 1 });
        assert.equal(closed.length, length);
      }
    }
  });

  async function streamOnce(...args: Parameters<typeof streamJson>): Promise<unknown> {
    return await streamJson(...args).next();
  }
});

describe("streams", { timeout: 60_000 }, () => {
  async function messages(...args: Parameters<typeof streamJson>): Promise<unknown[]> {
    const seen: unknown[] = [];
    try {
      for await (const message of streamJson(...args)) seen.push(message);
    } catch (error) {
      assert.ok(error instanceof RpcError);
      seen.push(error.code, error.rawMessage);
    }
    return seen;
  }

  test("are read however their bytes are cut, to the digit", async (t) => {
    const text = '{"result":{"a":9007199254740993,"b":"ü😀"}}\n\n{"result":null}\r\n{"result":-0.0}';
    const expected = ['{"a":9007199254740993,"b":"ü😀"}', "null", "-0.0"];
    for (const size of [1, 2, 3, 7, 1000]) {
      const { baseUrl } = await serve(t, async (res) => {
        const bytes = Buffer.from(text);
        for (let i = 0; i < bytes.length; i += size) {
          await new Promise((resolve) => res.write(bytes.subarray(i, i + size), resolve));
        }
        res.end();
      });
      assert.deepEqual(await messages(createChannel({ baseUrl }), POST), expected);
    }
  });

  test("end well only if they were ended", async (t) => {
    for (const [respond, expected] of [
      [(res) => res.end('{"result":1}\n{"error":{"code":5,"message":"gone"}}\n'), ["1", 5, "gone"]],
      [
        (res) => res.end('{"error":{"grpc_code":11,"http_code":400,"message":"m","http_status":"Bad Request"}}\n'),
        [11, "m"],
      ],
      [(res) => res.end('{"result":1}\n{"result":{"a"'), ["1", 14, "the stream broke off within a message"]],
      [(res) => res.end('{"what":1}\n'), [13, 'the server sent no message of a stream: {"what":1}']],
      [json(404, { error: { code: 5, message: "there is none" } }), [5, "there is none"]],
    ] as const satisfies readonly (readonly [Respond, readonly unknown[]])[]) {
      const { baseUrl } = await serve(t, respond);
      assert.deepEqual(await messages(createChannel({ baseUrl }), POST), expected);
    }
    const { baseUrl } = await serve(t, (res) => {
      res.write('{"result":1}\n', () => res.destroy());
    });
    assert.deepEqual((await messages(createChannel({ baseUrl }), POST)).slice(0, 2), ["1", 14]);
  });

  test("refuse a message that is too long", async (t) => {
    const { baseUrl } = await serve(t, (res) => res.end(`{"result":"${"x".repeat(2000)}"}\n`));
    const channel = createChannel({ baseUrl, receiveBuffer: 1000 });
    assert.deepEqual(await messages(channel, POST), [8, "a message is longer than 1000 bytes"]);
  });

  test("hold the server back while nobody reads, and let it go when the loop is left", async (t) => {
    let sent = 0;
    let isLeft: Promise<unknown> = Promise.resolve();
    const line = `{"result":"${"x".repeat(65_536)}"}\n`;
    const { baseUrl } = await serve(t, async (res) => {
      isLeft = once(res, "close");
      res.on("close", () => res.emit("drain"));
      while (!res.destroyed) {
        sent += 1;
        if (!res.write(line)) await once(res, "drain");
      }
    });
    const stream = streamJson(createChannel({ baseUrl }), POST);
    await stream.next();
    // The server stops at what the system's buffers hold.
    for (let before = -1; before !== sent; ) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    assert.ok(sent < 2000, `${sent} messages were sent`);
    const before = sent;
    for (let i = 0; i < before + 10; i++) assert.equal((await stream.next()).done, false);
    assert.ok(sent > before);
    await stream.return?.();
    assert.equal((await stream.next()).done, true);
    await isLeft;
  });
});
