import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import fc from "fast-check";
import { RangeResponse } from "../../generated/index.js";
import { startGateway } from "../e2e/gateway.js";
import { type FaultCall, startFaultServer } from "../faults/fault-server.js";
import { answer, post } from "../http/requests.js";
import { exchangeRaw } from "./raw-http.js";

const RANGE = "/etcdserverpb.KV/Range";
const WATCH = "/etcdserverpb.Watch/Watch";
const range = RangeResponse.encode(RangeResponse.create({ count: "1" })).finish();

async function setUp(t: { after(action: () => Promise<void>): void }) {
  const server = await startFaultServer();
  const gateway = await startGateway({ endpoints: [server.endpoint], timeouts: { resume: 0, connect: 60_000 } });
  t.after(async () => {
    await gateway.close();
    await server.stop();
  });
  const port = Number(new URL(gateway.url).port);
  const ask = (path: string) => {
    const req = request(`${gateway.url}${path}`, { method: "POST", agent: false });
    req.end(path.endsWith("watch") ? '{"create_request":{}}' : "{}");
    return answer(req);
  };
  return { server, port, ask };
}

test("whatever bytes a client's headers have, it has a response, and others do not suffer", async (t) => {
  const { server, port } = await setUp(t);
  server.handle(RANGE, (call) => call.answer(range));
  const names = ["Authorization", "Grpc-Metadata-X", "Grpc-Metadata-X-Bin", "Grpc-Metadata-", "Grpc-Timeout", "Cookie"];
  const reserved = ["Grpc-Metadata-:path", "Grpc-Metadata-Host", "Grpc-Metadata-Te", "Grpc-Metadata-Grpc-Timeout"];
  const odd = ["Accept", "Content-Type", "Origin", "Host", "Last-Event-ID", "Sec-WebSocket-Protocol", "X\xff"];
  const bytes = fc.uint8Array({ maxLength: 60 }).map((value) => Buffer.from(value).toString("latin1"));
  const text = fc.string({ unit: fc.constantFrom(..."aA09 =,;:/+-_%\"'\xe9\xff\t"), maxLength: 60 });
  const header = fc.tuple(fc.constantFrom(...names, ...reserved, ...odd), fc.oneof(bytes, text));
  await fc.assert(
    fc.asyncProperty(fc.array(header, { minLength: 1, maxLength: 5 }), async (headers) => {
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
      const { statuses, text: answered } = await exchangeRaw(
        port,
        `POST /v3/kv/range HTTP/1.1\r\nHost: a\r\n${lines}Connection: close\r\nContent-Length: 2\r\n\r\n{}`,
      );
      assert.equal(statuses.length, 1, answered);
      // Never one of ours: 504 is a Grpc-Timeout's.
      assert.ok([200, 400, 403, 504].includes(statuses[0] ?? 0), answered);
    }),
    { numRuns: 300 },
  );
  assert.equal(server.sessions.size, 1, "a connection to the server was lost");
});

/** The lines of a raw response's head. */
async function headLines(port: number, path: string, body: string): Promise<{ lines: string[]; text: string }> {
  const { text } = await exchangeRaw(
    port,
    `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  return { lines: text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n"), text };
}

const KNOWN =
  /^(HTTP\/1\.1 \d+ [A-Za-z ]+|(X-Powered-By|WWW-Authenticate|Content-Type|X-Content-Type-Options|Content-Length|Cache-Control|X-Accel-Buffering|Date|Connection|Transfer-Encoding|Retry-After|Grpc-Metadata-[A-Za-z0-9_.-]+): [ -~]*)$/i;

test("nothing that a server says splits a response", async (t) => {
  const { server, port } = await setUp(t);
  // As it travels: percent-encoded. The response to 16 has the header WWW-Authenticate, which contains the message too.
  const messages = [
    "a%0d%0aSet-Cookie: b=c%0d%0a%0d%0a<script>",
    "</script><script>alert(1)</script>",
    "%ff%fe invalid",
    "%00%01%7f",
    "%e2%80%a8 %e2%80%a9",
    `${"long ".repeat(2_000)}`,
    "%",
    '"quote" and %5c',
  ];
  for (const code of [3, 7, 13, 16]) {
    for (const message of messages) {
      const end = (call: FaultCall): void => call.end(code, message, { "x-trailer": "a", "x-bin": "AAA" });
      server.handle(RANGE, end);
      server.handle(WATCH, end);
      for (const [path, body] of [
        ["/v3/kv/range", "{}"],
        ["/v3beta/kv/range", "{}"],
        ["/v3/watch", '{"create_request":{}}'],
      ] as const) {
        const { lines, text } = await headLines(port, path, body);
        for (const line of lines) assert.match(line, KNOWN, text);
        assert.ok(lines.some((line) => line === "Content-Type: application/json"));
        assert.ok(lines.some((line) => line === "X-Content-Type-Options: nosniff"));
        const json = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
        assert.equal((json.error?.code ?? json.code ?? json.error?.grpc_code) === code, true, text);
      }
    }
  }
});

test("metadata of a server becomes headers of its own kind, or none", async (t) => {
  const { server, port } = await setUp(t);
  const metadata = {
    "x-good": "fine",
    "x-many": ["a", "b"],
    "set-cookie": ["session=stolen"],
    "content-encoding": "gzip",
    "access-control-allow-origin": "*",
    "x-latin": "\xe9",
    "x-bin": Buffer.from("a\r\nb").toString("base64"),
    location: "http://evil.example",
  };
  server.handle(RANGE, (call) => {
    call.accept(metadata);
    call.answer(range);
  });
  const { lines, text } = await headLines(port, "/v3/kv/range", "{}");
  for (const line of lines) assert.match(line, KNOWN, text);
  assert.ok(lines.includes("Grpc-Metadata-X-Good: fine"), text);
  assert.ok(lines.includes("Grpc-Metadata-Location: http://evil.example"), text);
  for (const name of ["set-cookie", "content-encoding", "access-control-allow-origin", "location"]) {
    assert.ok(!lines.some((line) => line.toLowerCase().startsWith(`${name}:`)), name);
  }
});

test("errors tell nothing of the network, of certificates or of the code", async (t) => {
  const { server, ask } = await setUp(t);
  const leaks =
    /127\.0\.0\.1|localhost|ECONN|:\d{4,5}|certificate|self.signed|node_modules|\.[jt]s:|\bat \S+ \(|grpc-js|RST_STREAM with code \d+ triggered/i;
  const faults: readonly ((call: FaultCall) => void)[] = [
    (call) => call.cut(),
    (call) => call.reset(),
    (call) => call.reset(8),
    (call) => call.answerHttp(502, "<html>backend 127.0.0.1:2379 said: certificate expired</html>"),
    (call) => {
      call.accept();
      setImmediate(() => call.cut());
    },
    (call) => call.answer(Buffer.from("not protobuf at all")),
  ];
  for (const fault of faults) {
    for (const [rpc, path] of [
      [RANGE, "/v3/kv/range"],
      [WATCH, "/v3/watch"],
    ] as const) {
      server.handle(rpc, fault);
      const { status, body, headers } = await ask(path);
      assert.ok(status >= 500 || body.includes('"error"'), `${status} ${body}`);
      assert.doesNotMatch(body + JSON.stringify({ ...headers, date: "" }), leaks, String(fault));
    }
  }
  await server.stop();
  const lost = await startGateway({ endpoints: [server.endpoint], timeouts: { connect: 500 } });
  t.after(() => lost.close());
  const { status, json } = await post(`${lost.url}/v3/kv/range`);
  assert.equal(status, 503);
  assert.deepEqual(json, { code: 14, message: "no endpoint is reachable" });
});
