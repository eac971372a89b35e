import assert from "node:assert/strict";
import { test } from "node:test";
import express from "express";
import express4 from "express4";
import fc from "fast-check";
import { createGateway } from "../../runtime/core/gateway/gateway.js";
import { createHttpServer } from "../../runtime/core/server/http-server.js";
import { FakeTransport } from "../core/http/fake-transport.js";
import { notes } from "../core/http/notes.js";
import { listen } from "../http/listen.js";
import { exchangeRaw } from "./raw-http.js";

const MOUNTS = [
  ["Express 5", express, ""],
  ["Express 5", express, "/etcd"],
  ["Express 4", express4, "/etcd"],
] as const;

/** What might lead somebody from the gateway to a route of the app beside it; each has `PREFIX` for where it is mounted. */
const TRICKS: readonly string[] = [
  "PREFIX/../admin",
  "PREFIX/v1/../../admin",
  "PREFIX/v1/%2e%2e/%2e%2e/admin",
  "PREFIX/v1/..%2f..%2fadmin",
  "PREFIX/v1/..%5c..%5cadmin",
  "PREFIX/v1/notes/get/../../../../admin",
  "PREFIX/v1/;/../../admin",
  "PREFIX//admin",
  "PREFIX/v1//../admin",
  "PREFIX/%2fadmin",
  "PREFIX%2f..%2fadmin",
  "PREFIX/v1/\\..\\..\\admin",
  "PREFIX/v1/notes/get%00/admin",
  "PREFIX/v1/notes?/../../admin",
  "PREFIX/v1/%",
  "PREFIX/v1/%ff",
  "PREFIX/%ff",
  "PREFIX/v1/%c0%ae%c0%ae/admin",
  "PREFIX/v1/%u002e%u002e/admin",
  "PREFIX/v1/%252e%252e/admin",
  "//evil.example/v1/../admin",
  "http://evil.examplePREFIX/../admin",
];

for (const [name, create, mount] of MOUNTS) {
  test(`no path leads from a gateway at ${mount || "/"} to a route beside it, in ${name}`, async (t) => {
    const transport = new FakeTransport();
    const gateway = createGateway({ services: [notes], transport });
    let reached = 0;
    const app = create();
    app.use(mount || "/", gateway.router);
    app.all("/admin", (_req, res) => {
      reached++;
      res.send("admin");
    });
    const port = await listen(t, createHttpServer(app));
    const ask = async (method: string, target: string) =>
      exchangeRaw(port, `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`);
    assert.match((await ask("POST", "/admin")).text, /admin$/);
    assert.equal(reached, 1);
    for (const trick of TRICKS) {
      for (const method of ["GET", "POST"]) {
        const target = trick.replaceAll("PREFIX", mount);
        const { statuses, text } = await ask(method, target);
        assert.ok([400, 404].includes(statuses[0] ?? 0), `${method} ${target}: ${text}`);
        assert.equal(statuses.length, 1, target);
        assert.doesNotMatch(text, /^location:/im);
        assert.doesNotMatch(text, /URIError|node_modules|\.ts:/);
      }
    }
    assert.equal(reached, 1);
    assert.equal(transport.waiting, 0);
  });
}

test("whatever the path, there is one response, soon", async (t) => {
  const transport = new FakeTransport();
  const gateway = createGateway({ services: [notes], transport });
  const port = await listen(t, createHttpServer(gateway.router));
  const character = fc.constantFrom(..."/v1notesget.%2fFeE?#;:\\~*{}[]@!$&'()+,=_-", "é", "%ff", "%00", "%2f", "..");
  const path = fc.array(character, { maxLength: 40 }).map((parts) => `/${parts.join("")}`);
  await fc.assert(
    fc.asyncProperty(path, async (target) => {
      const { statuses, text } = await exchangeRaw(
        port,
        `PUT ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      );
      assert.equal(statuses.length, 1);
      if (statuses[0] === 307) assert.match(text, /^location: \/v1(?:[/?]|\r?$)/im);
      else assert.ok([400, 404, 405].includes(statuses[0] ?? 0), `${statuses[0]}`);
    }),
    { numRuns: 300 },
  );
  const long = ["a".repeat(15_000), "a/".repeat(7_500), "%2f".repeat(5_000), "../".repeat(5_000), "*".repeat(15_000)];
  for (const text of long) {
    const start = process.cpuUsage();
    const { statuses } = await exchangeRaw(port, `POST /v1/${text} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const { user, system } = process.cpuUsage(start);
    assert.deepEqual(statuses, [404]);
    assert.ok(user + system < 1_000_000, `${text.slice(0, 5)}: ${user + system} us`);
  }
  assert.equal(transport.waiting, 0);
});
