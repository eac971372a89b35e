import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { after, test } from "node:test";
import { apiDescriptions } from "etcd-gateway";
import express, { type Express } from "express";
import express4 from "express4";
import { CommandProcess } from "../../../../etcd/command/command-process.js";
import { urlOf } from "../../../../server-address.js";
import { at } from "./document.js";

const servers: Server[] = [];

after(() => {
  for (const server of servers) server.close();
});

/** Serves on a free port, and returns the URL. */
async function serve(listener: RequestListener | Express): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return urlOf(server);
}

function generated(name: string): string {
  return readFileSync(new URL(`../../../../../generated/${name}`, import.meta.url), "utf8");
}

for (const name of ["openapi.json", "rpc.swagger.json"]) {
  test(`${name} is served as generated`, async () => {
    const url = await serve(express().use(apiDescriptions()));
    const response = await fetch(`${url}/${name}?x=1`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.equal(await response.text(), generated(name));
  });
}

test("hooks of an app that throw, or end the response, cost the request alone", async (t) => {
  const warnings: unknown[] = [];
  t.mock.method(process, "emitWarning", (warning: unknown) => void warnings.push(warning));
  const descriptions = apiDescriptions();
  // A server without a framework, where nobody catches what is thrown.
  const bare: RequestListener = (req, res) => {
    const hook = req.headers["x-hook"];
    if (hook === "writeHead" || hook === "end") {
      Reflect.set(res, hook, () => {
        throw new Error("a hook of the app failed");
      });
    }
    if (hook === "early") res.writeHead(418).end("own");
    descriptions(req, res);
  };
  const url = await serve(bare);
  for (const hook of ["writeHead", "end"]) {
    await assert.rejects(fetch(`${url}/openapi.json`, { headers: { "X-Hook": hook } }));
  }
  assert.equal(await (await fetch(`${url}/openapi.json`, { headers: { "X-Hook": "early" } })).text(), "own");
  assert.equal((await fetch(`${url}/openapi.json`)).status, 200);
  assert.deepEqual(warnings, Array(2).fill("a response could not be written: a hook of the app failed"));
});

test("HEAD has the headers only", async () => {
  const url = await serve(apiDescriptions());
  const response = await fetch(`${url}/openapi.json`, { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-length"), String(Buffer.byteLength(generated("openapi.json"))));
  assert.equal(await response.text(), "");
});

for (const [name, app] of [
  ["Express 5", express()],
  ["Express 4", express4()],
] as const) {
  test(`mounted under a path of ${name}, the API is there too`, async () => {
    const url = await serve(app.use("/etcd", apiDescriptions()));
    const openapi: unknown = await (await fetch(`${url}/etcd/openapi.json`)).json();
    assert.deepEqual(at(openapi, "servers", 0), { url: "/etcd/v3", description: "Since etcd 3.4." });
    assert.deepEqual({ ...JSON.parse(generated("openapi.json")), servers: 0 }, { ...Object(openapi), servers: 0 });
    const swagger: unknown = await (await fetch(`${url}/etcd/rpc.swagger.json`)).json();
    assert.deepEqual({ ...JSON.parse(generated("rpc.swagger.json")), basePath: "/etcd" }, swagger);
  });
}

test("the gateway may be mounted somewhere else", async () => {
  const url = await serve(express().use("/docs", apiDescriptions({ gatewayPath: "" })));
  assert.equal(await (await fetch(`${url}/docs/openapi.json`)).text(), generated("openapi.json"));
  const other = await serve(apiDescriptions({ gatewayPath: "/kv/" }));
  assert.equal(at(await (await fetch(`${other}/openapi.json`)).json(), "servers", 1, "url"), "/kv/v3beta");
  assert.throws(() => apiDescriptions({ gatewayPath: "kv" }), {
    name: "TypeError",
    message: 'invalid gatewayPath "kv": expected a path such as "/etcd", or empty',
  });
});

test("the documents may be the app's own", async () => {
  const openapi = { openapi: "3.1.0", info: { title: "Mine" }, servers: [{ url: "/v3" }], paths: {} };
  const swagger = { swagger: "2.0", info: { title: "Mine" }, paths: {} };
  const url = await serve(express().use("/etcd", apiDescriptions({ documents: { openapi, swagger } })));
  const served: unknown = await (await fetch(`${url}/etcd/openapi.json`)).json();
  assert.deepEqual(served, { ...openapi, servers: [{ url: "/etcd/v3" }] });
  assert.deepEqual(await (await fetch(`${url}/etcd/rpc.swagger.json`)).json(), { ...swagger, basePath: "/etcd" });
  // As from JavaScript.
  const documents = Object.assign({ openapi, swagger }, { swagger: undefined });
  assert.throws(() => apiDescriptions(Object({ documents })), {
    name: "TypeError",
    message: "documents.swagger is missing: expected the content of etcd-gateway/rpc.swagger.json",
  });
});

test("a document that cannot be written, and an error that cannot be read, cost the request alone", async (t) => {
  const warnings: unknown[] = [];
  t.mock.method(process, "emitWarning", (warning: unknown) => void warnings.push(warning));
  const openapi = {
    toJSON(): never {
      throw Object.create(null);
    },
  };
  const url = await serve(apiDescriptions({ documents: { openapi, swagger: {} } }));
  assert.equal((await fetch(`${url}/openapi.json`)).status, 500);
  assert.deepEqual(warnings, ["/openapi.json cannot be served: an error that cannot be read"]);
});

test("a description is written once for each path, and the paths that are kept are few", async (t) => {
  const url = await serve(express().use("/:tenant", apiDescriptions()));
  const parse = t.mock.method(JSON, "parse");
  const written = (): number => parse.mock.calls.filter(({ arguments: [text] }) => text.includes('"openapi"')).length;
  const get = async (tenant: number): Promise<string> => (await fetch(`${url}/${tenant}/openapi.json`)).text();
  assert.match(await get(0), /"url": "\/0\/v3"/);
  assert.equal(written(), 1);
  await get(0);
  assert.equal(written(), 1);
  for (let tenant = 1; tenant <= 16; tenant += 1) assert.match(await get(tenant), new RegExp(`"url": "/${tenant}/v3"`));
  assert.equal(written(), 17);
  await get(16);
  assert.equal(written(), 17);
  await get(0);
  assert.equal(written(), 18);
});

test("the stand-alone server serves them", async () => {
  const command = new CommandProcess(["--endpoints", "127.0.0.1:1", "--listen", "127.0.0.1:0"]);
  const url = await command.url();
  for (const name of ["openapi.json", "rpc.swagger.json"]) {
    assert.equal(await (await fetch(`${url}/${name}`)).text(), generated(name));
  }
  assert.equal((await command.stop()).code, 0);
});

test("other requests go on to the next handler", async () => {
  const app = express().use(apiDescriptions());
  const url = await serve(app.use((_req, res) => void res.status(418).end()));
  for (const [method, path] of [
    ["GET", "/openapi"],
    ["POST", "/openapi.json"],
    ["GET", "/x/openapi.json"],
  ] as const) {
    assert.equal((await fetch(url + path, { method })).status, 418, `${method} ${path}`);
  }
  assert.equal((await fetch(`${await serve(apiDescriptions())}/other`)).status, 404);
});
