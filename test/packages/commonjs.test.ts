import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createProject, type Project } from "./project/project.js";
import { run } from "./project/run-program.js";
import { compileWith, TYPESCRIPTS } from "./project/tools.js";

describe("a project in CommonJS", () => {
  let project: Project;
  before(async () => {
    const packed = ["etcd-gateway", "@etcd-gateway/runtime"] as const;
    const others = { express: "^5.3.0", "@types/express": "^5.0.6", "@types/node": "^20.19.43" };
    project = await createProject(new URL("consumers/commonjs/", import.meta.url), { packed, others }, {});
  });
  after(() => project.remove());

  for (const version of TYPESCRIPTS) {
    it(`compiles with TypeScript ${version}`, () => compileWith(version, project.folder));
  }

  it("finds its types by the old resolution of Node.js, too", async () => {
    const flags = ["--module", "commonjs", "--moduleResolution", "node10", "--noEmit", "--skipLibCheck"];
    await compileWith("5.9", project.folder, ...flags);
  });

  it("runs with import()", async () => {
    const { stdout } = await run(process.execPath, ["dist/by-import.js"], project.folder);
    assert.equal(stdout, "function true\n");
  });

  it("runs with require(), from Node.js 20.19 and 22.12 on", async () => {
    const { stdout, stderr } = await run(process.execPath, ["dist/by-require.js"], project.folder);
    assert.equal(stdout, "function etcdserverpb.KV true\n");
    assert.equal(stderr, "");
  });
});
