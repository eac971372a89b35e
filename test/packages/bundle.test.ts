import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { build } from "esbuild";
import { createProject, type Project } from "./project.js";
import { run } from "./run-program.js";
import { tool } from "./tools.js";

/** What esbuild's documentation tells to put before a bundle of ES modules that has CommonJS in it. */
const REQUIRE = 'import { createRequire } from "module"; const require = createRequire(import.meta.url);';

/** Makes a bundle of an app's file, and returns the bundle's. */
type Bundler = (folder: string, name: string) => Promise<string>;

const BUNDLERS: Readonly<Record<string, Bundler>> = {
  "esbuild, CommonJS": (folder, name) => esbuild(folder, name, "cjs"),
  "esbuild, ES modules": (folder, name) => esbuild(folder, name, "esm"),
  async webpack(folder, name) {
    const outfile = path.join(folder, "out", `${name}.webpack.cjs`);
    const config = {
      context: folder,
      entry: `./${name}.mjs`,
      mode: "production",
      target: "node20",
      optimization: { minimize: false },
      output: { path: path.dirname(outfile), filename: path.basename(outfile) },
    };
    const script = `require(process.argv[1])(JSON.parse(process.argv[2]), (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
    });`;
    await run(process.execPath, ["-e", script, tool("webpack"), JSON.stringify(config)], folder);
    return outfile;
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

async function esbuild(folder: string, name: string, format: "cjs" | "esm"): Promise<string> {
  const outfile = path.join(folder, "out", `${name}.${format === "esm" ? "mjs" : "cjs"}`);
  await build({
    absWorkingDir: folder,
    entryPoints: [`${name}.mjs`],
    outfile,
    bundle: true,
    platform: "node",
    format,
    logLevel: "silent",
    ...(format === "esm" && { banner: { js: REQUIRE } }),
  });
  return outfile;
}
