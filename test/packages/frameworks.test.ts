import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { snippets } from "../readme/run/snippets.js";
import { createProject, type Project } from "./project/project.js";
import { run } from "./project/run-program.js";

/** What the page's frameworks are, as of when it was written. */
const FRAMEWORKS = {
  "@fastify/express": "^4.0.0",
  "@nestjs/common": "^11.0.0",
  "@nestjs/core": "^11.0.0",
  "@nestjs/platform-express": "^11.0.0",
  express: "^5.3.0",
  fastify: "^5.0.0",
  jest: "^30.0.0",
  "reflect-metadata": "^0.2.0",
  rxjs: "^7.8.0",
};

/** The apps of docs/frameworks.md, in its order: how to have the server of each, and where the gateway is. */
const APPS = [
  { name: "node:http", server: "server", mount: "" },
  { name: "Fastify", server: "fastify.server", mount: "/etcd" },
  { name: "NestJS", server: "app.getHttpServer()", mount: "/etcd" },
] as const;

/** A program that is an app of the page, sends it a request, and prints the response. */
function program(app: string, server: string, mount: string): string {
  return `import { once } from "node:events";
    ${app
      .replace('endpoints: ["127.0.0.1:2379"]', 'endpoints: ["127.0.0.1:1"], timeouts: { connect: 300 }')
      .replace(/\b8080\b/, "0")}
    const served = ${server};
    if (!served.listening) await once(served, "listening");
    const url = "http://127.0.0.1:" + served.address().port + "${mount}/v3/lease/revoke";
    const headers = { "Content-Type": "application/json" };
    // Only a gateway that reads the body itself takes this number.
    const answer = await fetch(url, { method: "POST", headers, body: '{"ID":9007199254740993}' });
    console.log(answer.status, await answer.text());
    process.exit(0);`;
}

describe("the apps of docs/frameworks.md", () => {
  const blocks = snippets("docs/frameworks.md", "js");
  let project: Project;
  before(async () => {
    const packed = ["etcd-gateway"];
    const files = new URL("consumers/frameworks/", import.meta.url);
    project = await createProject(files, { packed, others: FRAMEWORKS }, {});
  });
  after(() => project.remove());

  for (const [index, { name, server, mount }] of APPS.entries()) {
    it(`${name} serves the gateway, to the last digit`, async () => {
      const file = path.join(project.folder, `app-${index}.mjs`);
      await writeFile(file, program(blocks[index] ?? "", server, mount));
      const { stdout } = await run(process.execPath, [file], project.folder);
      assert.match(stdout, /^503 \{"code":14,"message":"no endpoint is reachable"\}\s*$/);
    });
  }

  const jest = (file: string) =>
    run(process.execPath, ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", file], project.folder);

  it("Jest runs a test that is an ES module", async () => {
    await writeFile(path.join(project.folder, "gateway.test.mjs"), blocks[APPS.length] ?? "");
    assert.match((await jest("gateway.test.mjs")).stderr, /1 passed/);
  });

  it("Jest cannot run one in CommonJS, as the page says", async () => {
    await assert.rejects(jest("commonjs.test.cjs"), /Must use import to load ES Module|Cannot use import statement/);
  });
});
