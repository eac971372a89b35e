// With the lean channel grpc-js is not loaded, though an app imports all of the gateway and generated code.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { LOADED, TELL_LOADED } from "../../../etcd/command/loaded-modules.js";
import { startFaultServer } from "../../../faults/fault-server.js";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const GRPC_JS = "/node_modules/@grpc/grpc-js/";

const APPS = {
  etcdGateway: {
    path: "/etcdserverpb.KV/Range",
    url: "/v3/kv/range",
    app: `
      import { apiDescriptions, browserGuard, closeServer, createHttpServer, etcdGateway, etcdProbes } from "etcd-gateway";
      import * as generated from "etcd-gateway/generated";
      const open = (endpoints, channel) => etcdGateway({ endpoints, channel });
    `,
  },
  "generated code": {
    path: "/bookstore.v1.Bookstore/CreateShelf",
    url: "/v1/shelves",
    app: `
      import { closeServer, createGateway, createHttpServer, grpcTransport } from "@etcd-gateway/runtime";
      import * as generated from "./examples/bookstore/generated/index.ts";
      const open = (endpoints, channel) =>
        createGateway({ services: generated.services, transport: grpcTransport({ endpoints, channel }) });
    `,
  },
};

const SERVE = `
  import express from "express";
  const [endpoint, channel, path] = process.argv.slice(-3);
  const gateway = open([endpoint], channel);
  const server = createHttpServer(express().use(gateway.router));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = "http://127.0.0.1:" + server.address().port + path;
  const response = await fetch(url, { method: "POST", body: "{}" });
  console.log(response.status, await response.text());
  await gateway.close();
  server.closeAllConnections();
  server.close();
`;

async function loadsGrpcJs(name: keyof typeof APPS, channel: string): Promise<boolean> {
  const { path, url, app } = APPS[name];
  const server = await startFaultServer();
  server.handle(path, (call) => call.answer(Buffer.alloc(0)));
  const flags = ["--conditions=@etcd-gateway/source", "--import", "tsx", ...TELL_LOADED, "--input-type=module"];
  const args = [...flags, "--eval", app + SERVE, server.endpoint, channel, url];
  try {
    const options = { cwd: ROOT, maxBuffer: 2 ** 24 };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
    assert.match(stdout, /^200 \{/);
    const loaded = stderr.split("\n").filter((line) => line.startsWith(LOADED));
    assert.ok(loaded.some((line) => line.includes("/transport/lean/")));
    return loaded.some((line) => line.includes(GRPC_JS));
  } finally {
    await server.stop();
  }
}

it("etcdGateway over lean does without grpc-js", async () => {
  assert.equal(await loadsGrpcJs("etcdGateway", "lean"), false);
});

it("etcdGateway over grpc-js loads it", async () => {
  assert.equal(await loadsGrpcJs("etcdGateway", "grpc-js"), true);
});

it("a gateway of generated code over lean does without grpc-js", async () => {
  assert.equal(await loadsGrpcJs("generated code", "lean"), false);
});
