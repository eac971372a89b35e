import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer, request } from "node:https";
import { type TestContext, test } from "node:test";
import express, { type RequestHandler } from "express";
import { createGateway } from "../../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../../runtime/core/gateway/gateway-options.js";
import { browserGuard } from "../../../../runtime/core/http/guard/browser-guard.js";
import type { AllowedOrigins } from "../../../../runtime/core/http/guard/browser-guard-options.js";
import { handshake, post, RawConnection } from "../../../attacks/raw-connection.js";
import { makeCertificates } from "../../../etcd-server/certificates.js";
import { listen } from "../../../http/listen.js";
import { answer, open, response, send, type TextResponse } from "../../../http/requests.js";
import { FakeTransport } from "../fake-transport.js";
import { note, notes } from "../notes.js";
import { HOSTS, serveNotes } from "../serve-notes.js";

const GET = "/v1/notes/get";
/** Whether this Node.js rejects requests with too many headers itself, with an empty body. */
const NODE_COUNTS = Number.parseInt(process.versions.node, 10) >= 22;

const EVIL = "http://evil.example";
const PREFLIGHT = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-y" };

/** The response headers of CORS, by their last word. */
function corsHeaders({ headers }: Pick<TextResponse, "headers">): Record<string, unknown> {
  const cors = Object.entries(headers).filter(([name]) => name.startsWith("access-control-"));
  return Object.fromEntries(cors.map(([name, value]) => [name.slice("access-control-".length), value]));
}

async function served(t: TestContext, options: Partial<GatewayOptions> = {}) {
  const { transport, port, gateway } = await serveNotes(t, options);
  return {
    transport,
    port,
    gateway,
    /** Posts a note and lets the server respond, if the call reaches it. */
    async post(headers: Record<string, string>, path = GET): Promise<TextResponse> {
      const asking = send(port, path, '{"text":"a"}', { headers });
      const calling = transport.nextUnary().then((call) => call.respond(note({ text: "a" })));
      const result = await Promise.race([asking, calling.then(() => asking)]);
      return result;
    },
  };
}

for (const host of HOSTS) {
  test(`a page of another site can send nothing, in ${host}`, async (t) => {
    const errors: number[] = [];
    const { transport, port } = await serveNotes(t, { onError: (error) => errors.push(error.httpStatus) }, { host });
    const origins = [
      EVIL,
      "null",
      `https://127.0.0.1:${port + 1}`,
      `http://127.0.0.1`,
      `http://localhost:${port}`,
      "x",
      "",
    ];
    for (const origin of origins) {
      for (const type of ["application/json", "application/x-www-form-urlencoded", "text/plain"]) {
        const headers = { Origin: origin, "Content-Type": type };
        const rejected = await send(port, GET, '{"text":"a"}', { headers });
        assert.equal(rejected.status, 403, origin);
        assert.equal(rejected.headers["content-type"], "application/json");
        assert.equal(JSON.parse(rejected.body).code, 7);
        assert.deepEqual(corsHeaders(rejected), {});
      }
    }
    for (const path of ["/v1/notes/chat", "/v1/unknown", "/v1/%"]) {
      assert.equal((await send(port, path, "{}", { headers: { Origin: EVIL } })).status, 403, path);
    }
    const preflight = await send(port, GET, "", { method: "OPTIONS", headers: { Origin: EVIL, ...PREFLIGHT } });
    assert.equal(preflight.status, 403);
    assert.deepEqual(corsHeaders(preflight), {});
    assert.equal(transport.waiting, 0);
    assert.deepEqual([...new Set(errors)], [403]);
  });
}

test("a rejection does not wait for the body", async (t) => {
  const { port } = await serveNotes(t);
  const upload = open(port, GET, { headers: { Origin: EVIL, "Content-Length": "1000000" } });
  upload.on("error", () => {});
  upload.write("{");
  assert.equal((await response(upload)).statusCode, 403);
  upload.destroy();
});

test("a page of the same origin and other clients are served, without CORS headers", async (t) => {
  const { port, post } = await served(t);
  const own = `127.0.0.1:${port}`;
  const admitted: Record<string, string>[] = [
    {},
    { Origin: `http://${own}` },
    // TLS may end at a proxy.
    { Origin: `https://${own}` },
    { Origin: "http://gateway.example", Host: "Gateway.example" },
    { Origin: "https://public.example", "Sec-Fetch-Site": "same-origin" },
    // A page with the referrer policy no-referrer posts a form to its own origin.
    { Origin: "null", "Sec-Fetch-Site": "same-origin" },
  ];
  for (const headers of admitted) {
    const { status, headers: answered } = await post(headers);
    assert.equal(status, 200, JSON.stringify(headers));
    assert.deepEqual(corsHeaders({ headers: answered }), {});
    assert.equal(answered.vary, undefined);
  }
  for (const site of ["cross-site", "same-site"]) {
    const headers = { Origin: `http://${own}`, "Sec-Fetch-Site": site };
    assert.equal((await send(port, GET, "{}", { headers })).status, 403);
  }
});

test("paths that are not the gateway's go on to the app, whatever their origin", async (t) => {
  const { port } = await serveNotes(
    t,
    { browsers: { allowedHosts: ["a.example"] } },
    { after: [(_req, res) => res.send("app")] },
  );
  const headers = { Origin: EVIL, Host: "b.example" };
  assert.equal((await send(port, "/other", "", { headers })).body, "app");
});

test("cors: * lets all pages in", async (t) => {
  const { port, post, transport } = await served(t, { browsers: { cors: "*" } });
  const shown = { "allow-origin": "*", "expose-headers": "*" };
  for (const origin of [EVIL, "null"]) {
    const answered = await post({ Origin: origin });
    assert.equal(answered.status, 200);
    assert.deepEqual(corsHeaders(answered), shown);
  }
  const preflight = await send(port, GET, "", { method: "OPTIONS", headers: { Origin: EVIL, ...PREFLIGHT } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.body, "");
  assert.deepEqual(corsHeaders(preflight), {
    "allow-origin": "*",
    "allow-methods": "POST",
    "allow-headers": "content-type,x-y",
    "max-age": "7200",
  });
  assert.equal(transport.waiting, 0);
});

test("cors with a list lets its origins in, and no others", async (t) => {
  const { port, post, transport } = await served(t, {
    browsers: { cors: ["https://app.example", "http://a.example:81"] },
  });
  for (const origin of ["https://app.example", "http://a.example:81"]) {
    const answered = await post({ Origin: origin });
    assert.equal(answered.status, 200);
    assert.deepEqual(corsHeaders(answered), { "allow-origin": origin, "expose-headers": "*" });
    assert.equal(answered.headers.vary, "Origin");
  }
  const origins = [
    "http://app.example",
    "https://app.example:443",
    "https://APP.example",
    "https://app.example.evil",
    "null",
  ];
  for (const origin of origins) {
    const rejected = await send(port, GET, "{}", { headers: { Origin: origin } });
    assert.equal(rejected.status, 403, origin);
    assert.deepEqual(corsHeaders(rejected), {});
  }
  const without = await post({});
  assert.deepEqual(corsHeaders(without), {});
  assert.equal(without.headers.vary, "Origin");
  const own = await post({ Origin: `http://127.0.0.1:${port}` });
  assert.equal(own.status, 200);
  assert.deepEqual(corsHeaders(own), {});
  assert.equal(transport.waiting, 0);
});

test("errors and streams have their CORS headers, too", async (t) => {
  const { port, transport } = await serveNotes(t, { browsers: { cors: ["https://app.example"] } });
  const headers = { Origin: "https://app.example" };
  const shown = { "allow-origin": "https://app.example", "expose-headers": "*" };
  const bad = await send(port, GET, "{", { headers });
  assert.equal(bad.status, 400);
  assert.deepEqual(corsHeaders(bad), shown);
  const unknown = await send(port, "/v1/unknown", "{", { headers });
  assert.equal(unknown.status, 404);
  assert.deepEqual(corsHeaders(unknown), shown);

  const list = open(port, "/v1/notes/list", { headers });
  list.end("{}");
  const call = await transport.nextStream();
  call.respond(note({ text: "a" }));
  call.finish();
  const streamed = await answer(list);
  assert.equal(streamed.status, 200);
  assert.deepEqual(corsHeaders(streamed), shown);
});

test("OPTIONS is a wrong method but for a preflight of an allowed origin and a known path", async (t) => {
  const { port } = await serveNotes(t, { browsers: { cors: ["https://app.example"] } });
  const origin = { Origin: "https://app.example" };
  const options = (path: string, headers: Record<string, string>) =>
    send(port, path, "", { method: "OPTIONS", headers });
  for (const headers of [{}, origin, PREFLIGHT]) {
    const rejected = await options(GET, headers);
    assert.equal(rejected.status, 405);
    assert.equal(rejected.headers.allow, "POST");
  }
  assert.equal((await options("/v1/unknown", { ...origin, ...PREFLIGHT })).status, 404);
  assert.equal((await options(GET, { ...origin, ...PREFLIGHT })).status, 204);
});

test("a preflight names the methods of routes for EventSource", async (t) => {
  const { port } = await serveNotes(t, { browsers: { cors: "*" }, streams: { eventSource: true } });
  const headers = { Origin: EVIL, ...PREFLIGHT };
  const preflight = await send(port, "/v1/notes/list", "", { method: "OPTIONS", headers });
  assert.equal(preflight.headers["access-control-allow-methods"], "POST, GET, HEAD");
});

test("other hosts are rejected, whatever their port", async (t) => {
  const allowedHosts = ["gateway.example", "127.0.0.1", "[::1]", "fe80::1"];
  const { port, post, transport } = await served(t, { browsers: { allowedHosts, cors: "*" } });
  for (const host of ["gateway.example", "GATEWAY.example:99", "127.0.0.1:1", "[::1]:8080", "[::1]", "[FE80::1]:1"]) {
    assert.equal((await post({ Host: host })).status, 200, host);
  }
  for (const host of [
    "evil.example",
    "evil.example:80",
    "gateway.example.evil",
    "x@gateway.example",
    "localhost",
    "::1]",
  ]) {
    const rejected = await send(port, GET, "{}", { headers: { Host: host, Origin: EVIL } });
    assert.equal(rejected.status, 421, host);
    assert.equal(rejected.headers["content-type"], "application/json");
    const { code, message } = JSON.parse(rejected.body);
    assert.equal(code, 7);
    // Both cures.
    assert.match(message, /the server's option allowedHosts; .*let the proxy pass on the original Host header/);
    assert.deepEqual(corsHeaders(rejected), {});
    assert.equal(rejected.headers.vary, undefined);
  }
  assert.equal(transport.waiting, 0);
});

for (const host of HOSTS) {
  test(`a request with two Host headers is rejected, also as a handshake and before an app's handlers, in ${host}`, async (t) => {
    const guard = browserGuard({});
    const after: RequestHandler[] = [guard, (_req, res) => void res.send("app")];
    const { transport, gateway, server, port } = await serveNotes(t, {}, { host, after });
    gateway.handleUpgrades(server);
    const requests = [post(GET, "{}"), handshake("/v1/notes/chat"), "GET /own HTTP/1.1\r\nHost: a\r\n\r\n"];
    for (const request of requests) {
      const connection = await new RawConnection(port).send(request.replace("Host: a", "Host: a\r\nHOST: b"));
      await connection.answers(1);
      assert.deepEqual(connection.statuses, [400]);
      assert.match(connection.bodies[0] ?? "", /"code":3,.*more than one Host header/);
      await connection.leave();
    }
    assert.equal(transport.waiting, 0);
  });
}

for (const host of HOSTS) {
  test(`a request with as many headers as Node.js reads is rejected, whatever the others are, in ${host}`, async (t) => {
    const after: RequestHandler[] = [browserGuard({}), (_req, res) => void res.send("app")];
    const { transport, gateway, server, port } = await serveNotes(t, {}, { host, after });
    gateway.handleUpgrades(server);
    const own = "GET /own HTTP/1.1\r\nHost: a\r\n\r\n";
    const h2c = post(GET, own, "Connection: Upgrade", "Upgrade: h2c");
    for (const most of [1000, 10]) {
      if (most !== 1000) server.maxHeadersCount = most;
      const headers = `Host: a\r\n${"a:\r\n".repeat(most)}Origin: ${EVIL}\r\n`;
      for (const request of [h2c, handshake("/v1/notes/chat"), post(GET, "{}"), own]) {
        const connection = await new RawConnection(port).send(request.replace("Host: a\r\n", headers));
        await connection.answers(1);
        if (request === h2c) await connection.until(({ isClosed }) => isClosed);
        assert.deepEqual(connection.statuses, [431]);
        const text = new RegExp(`"code":8,.*too many headers: send fewer than ${most}"`);
        assert.match(connection.bodies[0] ?? "", NODE_COUNTS ? /^$/ : text);
        await connection.leave();
      }
    }
    server.maxHeadersCount = 0;
    const connection = await new RawConnection(port).send(own.replace("\r\n\r\n", `\r\n${"a:\r\n".repeat(1500)}\r\n`));
    assert.notDeepEqual((await connection.answers(1)).statuses, [431]);
    await connection.leave();
    assert.equal(transport.waiting, 0);
  });
}

test("over TLS any host is allowed, but no page that came without", async (t) => {
  const certificates = await makeCertificates();
  t.after(() => certificates.remove());
  const [cert, key] = [readFileSync(certificates.server.cert), readFileSync(certificates.server.key)];
  const gateway = createGateway({
    services: [notes],
    transport: new FakeTransport(),
    browsers: { allowedHosts: ["a.example"] },
  });
  const port = await listen(t, createTlsServer({ cert, key }, gateway.router));
  const statusFor = async (headers: Record<string, string>): Promise<number> => {
    const ca = readFileSync(certificates.ca.cert);
    const asking = request({
      host: "127.0.0.1",
      port,
      path: GET,
      method: "POST",
      ca,
      servername: "localhost",
      agent: false,
      headers,
    });
    asking.end("{");
    return (await answer(asking)).status;
  };
  assert.equal(await statusFor({ Host: "b.example" }), 400);
  assert.equal(await statusFor({ Host: "b.example", Origin: "https://b.example" }), 400);
  assert.equal(await statusFor({ Host: "b.example", Origin: "http://b.example" }), 403);
});

test("origins and hosts that cannot be used are rejected from the beginning", () => {
  const make = (options: Partial<GatewayOptions>) => () =>
    createGateway({ services: [notes], transport: new FakeTransport(), ...options });
  for (const cors of [
    "a.example",
    "http://a.example/",
    "https://a.example:443",
    "HTTP://a.example",
    "null",
    "*",
    "https://*.example",
    "file://",
    "a:b",
  ]) {
    assert.throws(
      make({ browsers: { cors: [cors] } }),
      /^TypeError: invalid browsers\.cors\[0\] .*: expected an origin/,
      cors,
    );
  }
  assert.throws(make({ browsers: { cors: ["https://A.example:443/x"] } }), /write "https:\/\/a.example"/);
  assert.throws(make({ browsers: { cors: ["http://a.example:80a"] } }), TypeError);
  for (const cors of ["http://[::1]:81", "chrome-extension://abc", "https://xn--bcher-kva.example"]) {
    assert.doesNotThrow(make({ browsers: { cors: [cors] } }), cors);
  }
  for (const host of ["a.example:80", "http://a.example", "", "a/b", "[a", "*:80"]) {
    assert.throws(make({ browsers: { allowedHosts: [host] } }), /^TypeError: invalid browsers\.allowedHosts/, host);
  }
  assert.throws(make({ browsers: { allowedHosts: [] } }), /^TypeError: invalid browsers\.allowedHosts/);
});

test("the same guard stands before other handlers of an app", async (t) => {
  const app = express();
  app.use(browserGuard({ cors: ["https://app.example"], allowedHosts: ["127.0.0.1"] }));
  app.use((_req, res) => void res.send("app"));
  const port = await listen(t, createServer(app));
  const get = (headers: Record<string, string>, method = "GET") => send(port, "/", "", { method, headers });
  assert.equal((await get({})).body, "app");
  assert.equal((await get({ Origin: EVIL })).status, 403);
  assert.equal((await get({ Host: "b.example" })).status, 421);
  const allowed = await get({ Origin: "https://app.example" });
  assert.equal(allowed.body, "app");
  assert.deepEqual(corsHeaders(allowed), { "allow-origin": "https://app.example", "expose-headers": "*" });
  const preflight = await get({ Origin: "https://app.example", ...PREFLIGHT }, "OPTIONS");
  assert.equal(preflight.headers["access-control-allow-methods"], "GET, HEAD");
});

const AUTOMATIC = { Cookie: "token=a.1", Authorization: "Basic YTpi" };

/** What a server gets of the credentials that a visitor's browser adds to a request by itself. */
async function automatic(t: TestContext, cors: AllowedOrigins | undefined, headers: (port: number) => object) {
  const { port, transport } = await serveNotes(t, {
    forwardHeaders: ["cookie"],
    ...(cors !== undefined && { browsers: { cors } }),
  });
  const asking = send(port, GET, '{"text":"a"}', { headers: { ...AUTOMATIC, ...headers(port) } });
  const call = await transport.nextUnary();
  call.respond(note({ text: "a" }));
  assert.equal((await asking).status, 200);
  return Object.fromEntries(call.options.metadata);
}

test("what a browser adds to a request by itself counts from own pages and origins listed by name only", async (t) => {
  const all = { cookie: AUTOMATIC.Cookie, authorization: AUTOMATIC.Authorization };
  const own = (port: number) => ({ Origin: `http://127.0.0.1:${port}` });
  const page = () => ({ Origin: "https://app.example" });
  assert.deepEqual(await automatic(t, undefined, own), all);
  assert.deepEqual(await automatic(t, "*", own), all);
  assert.deepEqual(await automatic(t, "*", () => ({})), all);
  assert.deepEqual(await automatic(t, ["https://app.example"], page), all);
  for (const site of ["same-origin", "none"]) {
    assert.deepEqual(await automatic(t, "*", () => ({ "Sec-Fetch-Site": site })), all);
  }
  assert.deepEqual(await automatic(t, "*", page), {});
  assert.deepEqual(await automatic(t, "*", () => ({ Origin: "null" })), {});
  for (const site of ["cross-site", "same-site"]) {
    assert.deepEqual(await automatic(t, "*", (port) => ({ ...own(port), "Sec-Fetch-Site": site })), {});
    assert.deepEqual(await automatic(t, undefined, () => ({ "Sec-Fetch-Site": site })), {});
  }
  for (const scheme of ["basic x", "Digest x", "Negotiate x", "NTLM x"]) {
    assert.deepEqual(await automatic(t, "*", () => ({ ...page(), Authorization: scheme })), {});
  }
  const bearer = { Authorization: "Bearer a.1" };
  assert.deepEqual(await automatic(t, "*", () => ({ ...page(), ...bearer })), { authorization: "Bearer a.1" });
});

test("a guard before other middleware withholds cookies from it too", async (t) => {
  const cookies: unknown[] = [];
  const app = express();
  app.use(browserGuard({ cors: "*" }, ["POST"]));
  app.use((req, res) => {
    cookies.push(req.headers.cookie);
    res.end();
  });
  const port = await listen(t, createServer(app));
  for (const Origin of ["https://app.example", `http://127.0.0.1:${port}`]) {
    await send(port, "/", "", { headers: { Origin, Cookie: "token=a.1" } });
  }
  assert.deepEqual(cookies, [undefined, "token=a.1"]);
});

test("a hook of the app that rejects costs the rejected request alone", async (t) => {
  t.mock.method(process, "emitWarning", () => {});
  const app = express();
  app.use("/bad", (_req, res, next) => {
    Reflect.set(res, "writeHead", async () => Promise.reject(new Error("an async hook of the app failed")));
    next();
  });
  app.use(browserGuard({ cors: ["https://app.example"] }));
  const port = await listen(t, createServer(app));
  const get = (path: string, method: string, headers: object) =>
    send(port, path, "", { method, headers: { ...headers } });
  await assert.rejects(get("/bad", "GET", { Origin: EVIL }));
  await assert.rejects(get("/bad", "OPTIONS", { Origin: "https://app.example", ...PREFLIGHT }));
  assert.equal((await get("/", "GET", { Origin: EVIL })).status, 403);
});
