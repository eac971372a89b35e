import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { assertCompiles, writeStrictSettings } from "../generator/generated-code.js";
import { run } from "../packages/project/run-program.js";
import { debianProtoc } from "./debian-protoc.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TS_PROTO = path.join(ROOT, "node_modules/ts-proto/protoc-gen-ts_proto");
const OURS = path.join(ROOT, "generator/plugin/protoc-gen-express-gateway.ts");

/** Returns the commands of docs/generate.md that use protoc. */
function documentedCommands(): string {
  const document = readFileSync(new URL("../../docs/generate.md", import.meta.url), "utf8");
  const blocks = [...document.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  const found = blocks.find((block) => block.includes("protoc -I"));
  if (found === undefined) throw new Error("docs/generate.md has no protoc command");
  return found;
}

describe("protoc without buf, as docs/generate.md says", () => {
  let folder: string;
  before(async () => {
    await mkdir(path.join(ROOT, ".cache"), { recursive: true });
    folder = await mkdtemp(path.join(ROOT, ".cache/protoc-tree-"));
    await cp(path.join(ROOT, "examples/bookstore/proto"), path.join(folder, "proto"), { recursive: true });
    const bin = path.join(folder, "node_modules/.bin");
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, "protoc-gen-ts_proto"), script(TS_PROTO), { mode: 0o755 });
    await writeFile(path.join(bin, "protoc-gen-express-gateway"), script("--import", "tsx", OURS), { mode: 0o755 });
    // ts-proto writes enums by default.
    await writeStrictSettings(folder, { erasableSyntaxOnly: false });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("generates what compiles", async () => {
    const installed = documentedCommands().replace("protoc -I", `"${path.join(await debianProtoc(), "protoc")}" -I`);
    await run("sh", ["-e", "-c", installed], folder);
    const gateway = readFileSync(path.join(folder, "generated/bookstore/v1/bookstore.gateway.ts"), "utf8");
    assert.match(gateway, /template: "\/v1\/\{name=shelves\/\*\/books\/\*\}"/);
    assert.ok(
      readFileSync(path.join(folder, "generated/google/api/httpbody.codec.ts"), "utf8").includes("HttpBodyCodec"),
    );
    assert.equal(JSON.parse(readFileSync(path.join(folder, "generated/openapi.json"), "utf8")).openapi, "3.1.0");
    await assertCompiles(folder);
  });
});

/** Writes a shell script that runs a program with Node. */
function script(...args: readonly string[]): string {
  return `#!/bin/sh\nexec "${process.execPath}" ${args.map((arg) => `"${arg}"`).join(" ")} "$@"\n`;
}
