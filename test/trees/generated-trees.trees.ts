import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import express from "express";
import { type Channel, createChannel } from "../../runtime/client/index.js";
import { createGateway, grpcTransport, type Service } from "../../runtime/core/index.js";
import { writeStrictSettings } from "../generator/generated-code.js";
import { compileWith, installTools, TYPESCRIPTS } from "../packages/project/tools.js";
import { startEchoServer } from "./echo-server.js";
import { generateTree, TREES, type TreeRequest, treeSettings } from "./tree.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

describe("awkward trees of protos, generated as docs/generate.md says", () => {
  let folder: string;
  before(async () => {
    await installTools();
    // This folder is inside the repository, so that packages are found.
    await mkdir(path.join(ROOT, ".cache"), { recursive: true });
    folder = await mkdtemp(path.join(ROOT, ".cache/trees-"));
    for (const tree of TREES) await generateTree(tree, path.join(folder, tree));
    // ts-proto writes enums by default.
    await writeStrictSettings(folder, { erasableSyntaxOnly: false }, ["*/generated"]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const version of TYPESCRIPTS) {
    it(`compile with the strictest settings of TypeScript ${version}`, () => compileWith(version, folder));
  }

  for (const tree of TREES) {
    it(`serve: ${tree}`, async () => {
      const load = (file: string) => import(pathToFileURL(path.join(folder, tree, "generated", file)).href);
      const { services } = await load("index.ts");
      const { createClient } = await load("client.ts");
      await ask(services, createClient, tree);
    });
  }
});

/** The generated clients of a tree's services. Their types are not known here. */
type Clients = Readonly<Record<string, Readonly<Record<string, (request: unknown) => Promise<unknown>>>>>;

/** Sends the requests of a tree to its gateway. */
async function ask(
  services: Readonly<Record<string, Service>>,
  createClient: (channel: Channel) => Clients,
  tree: string,
): Promise<void> {
  const { gateway: options, requests } = treeSettings(tree);
  const backend = await startEchoServer(Object.values(services));
  const gateway = createGateway({ services, transport: grpcTransport({ endpoints: [backend.endpoint] }), ...options });
  const server = createServer(express().use(gateway.router)).listen(0, "127.0.0.1");
  try {
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const url = `http://127.0.0.1:${address.port}`;
    const client = createClient(createChannel({ baseUrl: url }));
    for (const request of requests) await (request.call === undefined ? check(url, request) : call(client, request));
  } finally {
    await gateway.close();
    backend.stop();
    server.close();
  }
}

async function call(client: Clients, { call = "", body, answer }: TreeRequest): Promise<void> {
  const [service = "", rpc = ""] = call.split(".");
  const got = await client[service]?.[rpc]?.(body);
  // This removes members that are undefined.
  assert.deepEqual(JSON.parse(JSON.stringify(got)), answer === "body" ? body : answer, call);
}

async function check(url: string, request: TreeRequest): Promise<void> {
  const method = (["get", "put", "post"] as const).find((each) => request[each] !== undefined) ?? "get";
  const target = request[method] ?? "";
  const body = "body" in request ? { body: JSON.stringify(request.body) } : {};
  const response = await fetch(`${url}${target}`, { method: method.toUpperCase(), ...body });
  const text = await response.text();
  assert.equal(response.status, request.status ?? 200, `${method} ${target}: ${text}`);
  if ("answer" in request) {
    assert.deepEqual(
      JSON.parse(text),
      request.answer === "body" ? request.body : request.answer,
      `${method} ${target}`,
    );
  }
}
