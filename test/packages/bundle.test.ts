import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { snippets } from "../readme/run/snippets.js";
import { createProject, type Project } from "./project/project.js";
import { run } from "./project/run-program.js";
import { tool } from "./project/tools.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** What esbuild's documentation tells to put before a bundle of ES modules that has CommonJS in it. */
const REQUIRE = 'import { createRequire } from "module"; const require = createRequire(import.meta.url);';

/** Makes a bundle of an app's file, and returns the bundle's. */
type Bundler = (folder: string, name: string) => Promise<string>;

/** The documentation's line for esbuild, and its configuration of webpack, for an app called `app.mjs`. */
const [ESBUILD_LINE = ""] = snippets("docs/frameworks.md", "sh");
const WEBPACK_CONFIG = snippets("docs/frameworks.md", "js").find((block) => block.startsWith("module.exports")) ?? "";

const BUNDLERS: Readonly<Record<string, Bundler>> = {
  async "esbuild, CommonJS"(folder, name) {
    const [npx, ...args] = ESBUILD_LINE.replaceAll("app.", `${name}.`).trim().split(" ");
    assert.equal(npx, "npx");
    // The project has esbuild; this folder has not.
    await run("npx", ["--no-install", "--prefix", PROJECT, ...args, "--log-level=error"], folder);
    return path.join(folder, `${name}.cjs`);
  },
  async "esbuild, ES modules"(folder, name) {
    const outfile = path.join(folder, `${name}.esm.mjs`);
    await build({
      absWorkingDir: folder,
      entryPoints: [`${name}.mjs`],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
      banner: { js: REQUIRE },
    });
    return outfile;
  },
  async webpack(folder, name) {
    const config = WEBPACK_CONFIG.replace("./app.mjs", `./${name}.mjs`).replace("app.cjs", `${name}.webpack.cjs`);
    await writeFile(path.join(folder, "webpack.config.cjs"), config);
    const script = `const config = require("./webpack.config.cjs");
    const quick = { ...config, mode: "production", optimization: { minimize: false } };
    require(process.argv[1])(quick, (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
    });`;
    await run(process.execPath, ["-e", script, tool("webpack")], folder);
    return path.join(folder, `${name}.webpack.cjs`);
  },
};

describe("an app in a bundle", () => {
  let project: Project;
  let elsewhere: string;
  before(async () => {
    const packed = ["etcd-gateway", "@etcd-gateway/runtime"] as const;
    project = await createProject(
      new URL("consumers/bundle/", import.meta.url),
      { packed, others: { ws: "^8.23.0" } },
      {},
    );
    elsewhere = await mkdtemp(path.join(tmpdir(), "deployed-"));
  });
  after(() => Promise.all([project.remove(), rm(elsewhere, { recursive: true, force: true })]));

  for (const [name, bundle] of Object.entries(BUNDLERS)) {
    it(`${name}: serves all where the package is installed`, async () => {
      const file = await bundle(project.folder, "installed");
      assert.equal((await run(process.execPath, [file], project.folder)).stdout, "503 etcd etcd 14\n");
    });

    it(`${name}: serves all on its own, with the descriptions in it`, async () => {
      const file = await deployed(await bundle(project.folder, "alone"));
      assert.equal((await run(process.execPath, [file], elsewhere)).stdout, "503 etcd etcd 14\n");
    });
  }

  for (const name of ["esbuild, CommonJS", "esbuild, ES modules"]) {
    it(`${name}: says at once what to do where the package is not installed`, async () => {
      const file = await deployed((await BUNDLERS[name]?.(project.folder, "installed")) ?? "");
      await assert.rejects(
        run(process.execPath, [file], elsewhere),
        /Error: apiDescriptions cannot find etcd-gateway\/openapi\.json, .* give them as documents: \{ openapi, swagger \}/,
      );
    });
  }

  /** Takes a bundle to where there is nothing else. */
  async function deployed(file: string): Promise<string> {
    const copy = path.join(elsewhere, path.basename(file));
    await copyFile(file, copy);
    return copy;
  }
});
