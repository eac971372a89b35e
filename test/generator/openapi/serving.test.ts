import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { after, test } from "node:test";
import { apiDescriptions } from "etcd-gateway";
import express, { type Express } from "express";
import express4 from "express4";
import { CommandProcess } from "../../etcd/command/command-process.js";
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
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
}

function generated(name: string): string {
  return readFileSync(new URL(`../../../generated/${name}`, import.meta.url), "utf8");
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
    message: 'bad gatewayPath "kv": it must begin with "/", or be empty',
  });
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
