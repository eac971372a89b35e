import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createProject, type Project } from "./project.js";
import { run } from "./run-program.js";
import { compileWith, TYPESCRIPTS } from "./tools.js";

const EXPRESSES = {
  "Express 4": { express: "^4.22.3", "@types/express": "^4.17.25", "@types/node": "^20.19.43" },
  "Express 5": { express: "^5.3.0", "@types/express": "^5.0.6", "@types/node": "^24.0.0" },
};

for (const [name, others] of Object.entries(EXPRESSES)) {
  describe(`a project with ES modules and ${name}`, () => {
    let project: Project;
    before(async () => {
      const packed = ["etcd-gateway", "@etcd-gateway/runtime"] as const;
      const files = new URL("consumers/express/", import.meta.url);
      project = await createProject(files, { packed, others }, { type: "module" });
    });
    after(() => project.remove());

    for (const version of TYPESCRIPTS) {
      it(`compiles with TypeScript ${version}, types of libraries included`, () =>
        compileWith(version, project.folder));
    }

    it("runs", async () => {
      const { stdout } = await run(process.execPath, ["dist/app.js"], project.folder);
      assert.deepEqual(stdout.trimEnd().split("\n"), [
        "openapi.json 200",
        "rpc.swagger.json 200",
        "v3/none 404",
        "range 503 application/json",
        "typed true",
      ]);
    });

    it("has the command", async () => {
      const { stdout } = await run("npx", ["--no-install", "etcd-gateway", "--version"], project.folder);
      assert.match(stdout, /0\.1\.0/);
    });

    it("has the descriptions as files", async () => {
      const script = `import swagger from "etcd-gateway/rpc.swagger.json" with { type: "json" };
        import openapi from "etcd-gateway/openapi.json" with { type: "json" };
        console.log(swagger.swagger, openapi.openapi);`;
      const flags = ["--no-warnings", "--input-type=module", "--eval", script];
      const { stdout } = await run(process.execPath, flags, path.join(project.folder, "dist"));
      assert.equal(stdout, "2.0 3.1.0\n");
    });
  });
}
