import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { snippets } from "../readme/run/snippets.js";
import { urlOf } from "../server-address.js";
import { createProject, type Project } from "./project/project.js";
import { run } from "./project/run-program.js";
import { compileWith, TYPESCRIPTS } from "./project/tools.js";

/** openapi-typescript needs the API of TypeScript 5, which later ones do not have: hence a project of its own. */
const OTHERS = {
  "@types/node": "^20.19.43",
  "openapi-fetch": "^0.17.0",
  "openapi-typescript": "^7.13.0",
  typescript: "~5.9.0",
};

describe("a project with types of openapi.json", { timeout: 300_000 }, () => {
  let project: Project;
  let etcd: EtcdServer;
  let gateway: EtcdGateway;
  let server: Server;
  before(async () => {
    const files = new URL("consumers/openapi-fetch/", import.meta.url);
    project = await createProject(files, { packed: ["etcd-gateway"], others: OTHERS }, { type: "module" });
    etcd = await startEtcd();
    gateway = etcdGateway({ endpoints: [etcd.endpoint] });
    server = createServer(gateway.router).listen(0, "127.0.0.1");
    await once(server, "listening");
    const [documented = ""] = snippets("docs/api-descriptions.md", "typescript");
    const code = documented.replace("http://127.0.0.1:8080", urlOf(server));
    await writeFile(path.join(project.folder, "documented.ts"), code);
  });
  after(async () => {
    await project?.remove();
    server?.close();
    await gateway?.close(0);
    server?.closeAllConnections();
    await etcd?.stop();
  });

  it("makes them with openapi-typescript", async () => {
    const description = "node_modules/etcd-gateway/generated/openapi.json";
    await run("npx", ["--no-install", "openapi-typescript", description, "-o", "api.d.ts"], project.folder);
  });

  for (const version of TYPESCRIPTS) {
    it(`compiles with TypeScript ${version}, as strict as can be`, () => compileWith(version, project.folder));
  }

  it("calls etcd by them with openapi-fetch, keys and values being text", async () => {
    const { stdout } = await run(process.execPath, ["dist/calls.js", urlOf(server)], project.folder);
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      "put 200 string",
      "range color/sky blue",
      "txn true blue",
      "watch 200 true",
      "revoke 404 5 etcdserver: requested lease not found",
    ]);
  });

  it("calls etcd as the documentation shows", async () => {
    await gateway.client.kv.put({ key: Buffer.from("foo"), value: Buffer.from("bar") });
    const { stdout } = await run(process.execPath, ["dist/documented.js"], project.folder);
    assert.equal(stdout, "undefined [ 'bar' ]\n");
  });
});
