import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { firstLine } from "../first-line.js";
import { createProject, type Project } from "./project/project.js";
import { run } from "./project/run-program.js";
import { compileWith, TYPESCRIPTS } from "./project/tools.js";

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

    it("has a command that serves, and finds the descriptions", async () => {
      const command = path.join(project.folder, "node_modules/.bin/etcd-gateway");
      const flags = ["--listen", "127.0.0.1:0", "--endpoints", "127.0.0.1:1", "--connect-timeout", "100ms"];
      const child = spawn(command, flags, { stdio: ["ignore", "pipe", "ignore"] });
      const url = /^etcd-gateway listening on (\S+)$/.exec(await firstLine(child))?.[1];
      const ask = async (path: string, method: string): Promise<number> =>
        (await fetch(`${url}${path}`, { method })).status;
      assert.deepEqual(await Promise.all([ask("/openapi.json", "GET"), ask("/v3/kv/range", "POST")]), [200, 503]);
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      assert.deepEqual(await exited, [0, null]);
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
