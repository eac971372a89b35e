import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("npm run generate", () => {
  let folder: string;

  /** Runs the command in a copy of the repository. */
  const generate = (...args: readonly string[]): Promise<Run> =>
    new Promise((resolve) => {
      const main = path.join(folder, "generator/regenerate/main.ts");
      execFile(process.execPath, ["--import", "tsx", main, ...args], { cwd: folder }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      );
    });

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "regenerate-"));
    for (const name of [
      "buf.yaml",
      "buf.gen.yaml",
      "api.json",
      "package.json",
      "proto",
      "generated",
      "generator",
      "runtime/etcd",
      "examples/bookstore",
    ]) {
      await cp(path.join(ROOT, name), path.join(folder, name), {
        recursive: true,
        filter: (source) => !/[/\\](dist|node_modules)$/.test(source),
      });
    }
    await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  let gatewayText: string;
  const index = (): string => path.join(folder, "generated/index.ts");
  const gateway = (): string => path.join(folder, "generated/etcd/api/etcdserverpb/rpc.gateway.ts");
  const extra = (): string => path.join(folder, "generated/old/gone.ts");

  it("finds what it has generated up to date", async () => {
    assert.equal((await generate(".")).code, 0);
    const { code, stdout, stderr } = await generate("--check");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^generated is up to date: \d+ files, checked in \d+ ms\nexamples\/bookstore\/generated is up to date: .*\n$/,
    );
  });

  it("--check names each file that is not, says what to do, and writes nothing", async () => {
    gatewayText = await readFile(gateway(), "utf8");
    await appendFile(index(), "// by hand\n");
    await rm(gateway());
    await mkdir(path.dirname(extra()));
    await writeFile(extra(), "");
    const { code, stdout, stderr } = await generate(".", "--check");
    assert.equal(code, 1);
    assert.equal(stdout, "");
    // The API of an older etcd has mistakes that the generator warns of.
    const lines = stderr.split("\n").filter((line) => !line.includes(": warning: "));
    assert.deepEqual(lines, [
      "generated/index.ts is stale",
      "generated/etcd/api/etcdserverpb/rpc.gateway.ts is missing",
      "generated/old/gone.ts should not be there",
      "generated is not up to date: run npm run generate, and commit what it changes",
      "",
    ]);
    assert.match(await readFile(index(), "utf8"), /by hand/);
  });

  it("mends exactly these, and says so in a line", async () => {
    const untouched = path.join(folder, "generated/messages/etcd/api/etcdserverpb/rpc.ts");
    const { mtimeMs } = await stat(untouched);
    const { code, stdout, stderr } = await generate(".");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^proto -> generated: \d+ files, 2 written, 1 removed, in \d+ ms\n$/);
    assert.equal((await stat(untouched)).mtimeMs, mtimeMs);
    assert.doesNotMatch(await readFile(index(), "utf8"), /by hand/);
    assert.equal(await readFile(gateway(), "utf8"), gatewayText);
    await assert.rejects(stat(path.dirname(extra())), { code: "ENOENT" });
  });

  it("leaves all as it was if a proto has a mistake, and shows where it is", async () => {
    const proto = path.join(folder, "proto/etcd/api/etcdserverpb/rpc.proto");
    const text = await readFile(proto, "utf8");
    await writeFile(proto, text.replace('post: "/v3/kv/range"', 'post: "/v3/kv/{range}"'));
    const { code, stdout, stderr } = await generate(".");
    await writeFile(proto, text);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /etcd\/api\/etcdserverpb\/rpc\.proto:\d+:\d+: etcdserverpb\.KV\.Range: .*has no field "range"/,
    );
    assert.equal((await generate(".", "--check")).code, 0);
  });

  it("rejects flags that it does not know", async () => {
    const { code, stderr } = await generate("--chekc");
    assert.equal(code, 1);
    assert.match(stderr, /--chekc/);
  });
});
