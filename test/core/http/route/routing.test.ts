import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import express, { type RequestHandler } from "express";
import type { Service } from "../../../../runtime/core/call/rpc.js";
import { createGateway } from "../../../../runtime/core/gateway/gateway.js";
import { listen } from "../../../http/listen.js";
import { send } from "../../../http/requests.js";
import { FakeTransport } from "../fake-transport.js";
import { note, noteRpc, notes } from "../notes.js";
import { HOSTS, serveNotes } from "../serve-notes.js";

const NOT_FOUND = '{"code":5,"message":"Not Found"}';

for (const host of HOSTS) {
  test(`what no route matches, in ${host}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host });
    for (const method of ["GET", "PUT", "HEAD", "OPTIONS", "DELETE"]) {
      const { status, headers, body } = await send(port, "/v1/notes/get", "", { method });
      assert.equal(status, 405, method);
      assert.equal(headers.allow, "POST");
      assert.equal(body, method === "HEAD" ? "" : '{"code":12,"message":"Method Not Allowed"}');
    }
    const unknown = ["/v1", "/v1/", "/v1/notes/get/", "/v1/notes/Get", "/v1/notes/get;x", "/v1/notes/get#x"];
    const tricks = ["/v1/x/%2e%2e/notes/get", "/v1/../none", "/v1/notes/get%00", "/v1/notes/get%20", "/v1/..%2f"];
    for (const path of [...unknown, ...tricks, `/v1/${"x".repeat(7000)}`, `/v1${"/a".repeat(3000)}`]) {
      const { status, headers, body } = await send(port, path, "{}");
      assert.equal(status, 404, path);
      assert.equal(headers["content-type"], "application/json");
      assert.equal(body, NOT_FOUND);
    }
    for (const path of ["/v1/%", "/v1/notes/%zz", "/v1/notes/get%ff", "/v1/%c0%af"]) {
      const { status, body } = await send(port, path, "{}");
      assert.equal(status, 400, path);
      assert.equal(JSON.parse(body).code, 3);
    }
    assert.equal(transport.waiting, 0);
  });

  test(`escapes in a path are decoded, in ${host}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host });
    for (const path of ["/v1/n%6Ftes/get?x=%zz", "/v1/notes%2Fget", "http://other.example/v1/notes/get?a#b"]) {
      const sent = send(port, path, "{}");
      (await transport.nextUnary()).respond(note({}));
      assert.equal((await sent).status, 200, path);
    }
  });
}

test("a path elsewhere goes to the next handler; without one it is not found", async (t) => {
  const own: RequestHandler = (req, res) => {
    res.send(`own ${req.url}`);
  };
  const app = await serveNotes(t, {}, { after: [own] });
  for (const path of ["/", "/v2/notes/get", "/v1x", "/v1%2Fnotes", "/v1%2Fnotes/get", "//v2/notes/get"]) {
    assert.equal((await send(app.port, path, "{}")).body, `own ${path}`);
  }
  assert.equal((await send(app.port, "/v1/notes/none")).body, NOT_FOUND);
  const bare = await serveNotes(t, {}, { host: "node:http" });
  assert.equal((await send(bare.port, "/v2/notes/get")).body, NOT_FOUND);
});

for (const [host, mount] of [
  ["node:http", ""],
  ["Express 5", ""],
  ["Express 5", "/etcd"],
  ["Express 4", "/etcd"],
] as const) {
  test(`a path that is not clean is sent to the clean one, in ${host} at ${mount || "/"}`, async (t) => {
    const { transport, port } = await serveNotes(t, {}, { host, path: mount || "/" });
    for (const [path, clean] of [
      ["//v1/notes/get", "/v1/notes/get"],
      ["/v1/./notes/get", "/v1/notes/get"],
      ["/v1/x/../notes/get", "/v1/notes/get"],
      ["/x/../v1/notes/get/.", "/v1/notes/get"],
      ["/x/../v1/notes///get//", "/v1/notes/get/"],
      ["/v1//%2e%2e/%2F/notes", "/v1/%2e%2e/%2F/notes"],
    ] as const) {
      for (const method of ["POST", "GET", "HEAD"]) {
        const { status, headers, body } = await send(port, mount + path, method === "POST" ? "{}" : "", { method });
        assert.equal(status, 307, path);
        assert.equal(headers.location, mount + clean);
        assert.equal(body, "");
      }
    }
    assert.equal((await send(port, `${mount}/../v1x//notes/get`, "{}")).headers.location, undefined);
    assert.equal(transport.waiting, 0);
  });
}

test("no redirect leads to another host", async (t) => {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport });
  const app = express().use("/:tenant", gateway.router);
  const port = await listen(t, createServer(app));
  for (const [path, status, location] of [
    ["/\\evil.example//v1/notes/get", 404, undefined],
    ["//evil.example//v1/notes/get", 404, undefined],
    ["/%5cevil.example/v1//notes", 307, "/%5cevil.example/v1/notes"],
  ] as const) {
    const response = await send(port, path, "{}");
    assert.deepEqual([response.status, response.headers.location], [status, location], path);
  }
  assert.equal((await send(port, "/mine/v1//notes/get", "{}")).headers.location, "/mine/v1/notes/get");
});

test("roots say which unknown paths are the gateway's", async (t) => {
  const own: RequestHandler = (_req, res) => {
    res.send("own");
  };
  const { port } = await serveNotes(t, { roots: ["v9"] }, { after: [own] });
  assert.equal((await send(port, "/v1/notes/none")).body, "own");
  assert.equal((await send(port, "/v1/notes/get", "", { method: "GET" })).status, 405);
  assert.equal((await send(port, "/v9/x")).body, NOT_FOUND);
});

test("aliases are further prefixes, for templates too", async (t) => {
  const shelf: Service = {
    name: "test.Shelf",
    rpcs: {
      any: noteRpc("Any", false, false, [
        { method: "POST", template: "/v1/any/*", segments: ["v1", "any", { wildcard: "*" }], body: "*" },
      ]),
    },
  };
  const aliases = { "/v1beta": "/v1", "/old/api": "/v1/notes" };
  const { transport, port } = await serveNotes(t, { services: [notes, shelf], aliases });
  const paths = ["/v1/notes/get", "/v1beta/notes/get", "/old/api/get", "/v1/any/x", "/v1beta/any/x"];
  for (const path of paths) {
    const sent = send(port, path, "{}");
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).status, 200, path);
  }
  assert.equal((await send(port, "/v1beta/none")).body, NOT_FOUND);
  assert.equal((await send(port, "/v1beta/notes/get", "", { method: "GET" })).headers.allow, "POST");
});

test("a method override is not honoured", async (t) => {
  const { port } = await serveNotes(t);
  const headers = { "X-HTTP-Method-Override": "POST", "Content-Type": "application/x-www-form-urlencoded" };
  assert.equal((await send(port, "/v1/notes/get", "", { method: "GET", headers })).status, 405);
});

test("a rejected request leaves its connection fit for the next", async (t) => {
  const { transport, port } = await serveNotes(t);
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  const request = (path: string): string => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`;
  socket.write(request("/v1/notes/none"));
  socket.write(request("/v1/notes/get"));
  (await transport.nextUnary()).respond(note({ text: "served" }));
  let text = "";
  for await (const chunk of socket) {
    text += chunk;
    if (text.includes("served")) break;
  }
  assert.match(text, /^HTTP\/1.1 404 .*HTTP\/1.1 200 /s);
  assert.doesNotMatch(text, /connection: close/i);
});

test("two gateways in one app do not know each other", async (t) => {
  const other = new FakeTransport();
  const second = createGateway({ services: [notes], transport: other, aliases: { "/v2": "/v1" } });
  const first = await serveNotes(t, { roots: [] }, { after: [(req, res, next) => second.router(req, res, next)] });
  const sent = send(first.port, "/v2/notes/get", "{}");
  (await other.nextUnary()).respond(note({ text: "second" }));
  assert.equal((await sent).body, '{"text":"second"}');
  await first.gateway.close();
  assert.equal((await send(first.port, "/v1/notes/get", "{}")).status, 503);
  const again = send(first.port, "/v2/notes/get", "{}");
  (await other.nextUnary()).respond(note({ text: "second" }));
  assert.equal((await again).status, 200);
});
