import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readTree } from "../../generator/regenerate/file-tree.js";
import { firstLine } from "../first-line.js";
import { createProject, type Project } from "./project/project.js";
import { run } from "./project/run-program.js";
import { compileWith, TYPESCRIPTS } from "./project/tools.js";

const EXAMPLE = new URL("../../examples/bookstore/", import.meta.url);
const KITCHEN_SINK = new URL("../generator/plugin/golden/kitchen-sink/input.proto", import.meta.url);

describe("the bookstore as a user's project", () => {
  let project: Project;
  before(async () => {
    const { dependencies, devDependencies, scripts, ...others } = JSON.parse(
      await readFile(new URL("package.json", EXAMPLE), "utf8"),
    );
    const { "@etcd-gateway/client": _, "@etcd-gateway/runtime": ____, ...used } = dependencies;
    const { "protoc-gen-express-gateway": __, ...tools } = devDependencies;
    // Only in a clone are there packages to be built.
    const { preinstall: ___, ...ownScripts } = scripts;
    const packed = ["@etcd-gateway/client", "@etcd-gateway/runtime", "protoc-gen-express-gateway"] as const;
    project = await createProject(
      EXAMPLE,
      { packed, others: { ...used, ...tools } },
      { ...others, scripts: ownScripts },
    );
  });
  after(() => project.remove());

  it("generates what is committed", async () => {
    await run("npm", ["run", "generate"], project.folder);
    const generated = await readTree(path.join(project.folder, "generated"));
    const committed = await readTree(fileURLToPath(new URL("generated", EXAMPLE)));
    assert.deepEqual([...generated.keys()], [...committed.keys()]);
    for (const [name, content] of generated) assert.equal(String(content), String(committed.get(name)), name);
  });

  it("compiles", async () => {
    await run("npm", ["run", "check"], project.folder);
  });

  for (const version of TYPESCRIPTS) {
    it(`compiles with TypeScript ${version}, types of libraries included`, () =>
      compileWith(version, project.folder, "--skipLibCheck", "false"));
  }

  it("starts, serves and stops", async () => {
    const tsx = path.join(project.folder, "node_modules/tsx/dist/cli.mjs");
    const child = spawn(process.execPath, [tsx, "src/main.ts"], {
      cwd: project.folder,
      env: { PATH: process.env["PATH"], PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await firstLine(child);
    const created = await fetch(`${url}?shelf_id=novels`, { method: "POST", body: '{"theme":"Novels"}' });
    assert.equal(await created.text(), '{"name":"shelves/novels","theme":"Novels"}');
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
  });

  describe("with the strictest settings", () => {
    before(async () => {
      await rm(path.join(project.folder, "proto/bookstore"), { recursive: true });
      await cp(KITCHEN_SINK, path.join(project.folder, "proto/library.proto"));
      await run("npm", ["run", "generate"], project.folder);
      const etcd = path.join(project.folder, "generated/etcd");
      await mkdir(etcd);
      await cp(new URL("../../generated", import.meta.url), etcd, { recursive: true });
      const base: unknown = JSON.parse(await readFile(new URL("../../tsconfig.base.json", import.meta.url), "utf8"));
      assert.ok(typeof base === "object" && base !== null && "compilerOptions" in base);
      const compilerOptions = { ...Object(base.compilerOptions), composite: false, noEmit: true };
      const config = { compilerOptions, include: ["generated"] };
      await writeFile(path.join(project.folder, "tsconfig.json"), JSON.stringify(config));
    });

    for (const version of TYPESCRIPTS) {
      it(`the output for etcd and for every kind of RPC compiles with TypeScript ${version}`, () =>
        compileWith(version, project.folder));
    }
  });
});
