import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { firstLine } from "../first-line.js";
import { run } from "./project/run-program.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What Docker does not copy, by `Dockerfile.dockerignore`. */
const IGNORED = /(^|\/)(\.git|\.cache|node_modules|dist)(\/|$)/;

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

describe("a clone", () => {
  let root: string;
  let clone: string;
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), "clone-"));
    clone = path.join(root, "src");
    await mkdir(clone);
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" });
    for (const file of listed
      .trim()
      .split("\n")
      .filter((each) => !IGNORED.test(each))) {
      await cp(path.join(ROOT, file), path.join(clone, file)).catch((error: NodeJS.ErrnoException) => {
        // Deleted, and not committed yet.
        if (error.code !== "ENOENT") throw error;
      });
    }
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("has a bookstore that is installed and started by one line", async () => {
    const example = path.join(clone, "examples/bookstore");
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], example);
    const tsx = path.join(example, "node_modules/tsx/dist/cli.mjs");
    const { scripts } = JSON.parse(readFileSync(path.join(example, "package.json"), "utf8"));
    assert.equal(scripts.start, "tsx src/main.ts");
    const env = { PATH: process.env["PATH"], PORT: "0" };
    const child = spawn(process.execPath, [tsx, "src/main.ts"], {
      cwd: example,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await firstLine(child);
    const created = await fetch(`${url}?shelf_id=novels`, { method: "POST", body: '{"theme":"Novels"}' });
    assert.equal(created.status, 200);
    await stop(child);
  });

  it("becomes an image by the steps of the Dockerfile, which serves and says that it is well", async () => {
    const steps = readFileSync(path.join(clone, "examples/deploy/Dockerfile"), "utf8").matchAll(/^RUN (.*)$/gm);
    const inRoot = (text: string): string => text.replace(/(?<=^|[ "'])\/(?=(packed|app)\b)/g, `${root}/`);
    const toCache = "export npm_config_prefer_offline=true";
    for (const [, step = ""] of steps) await run("sh", ["-c", `${toCache}; ${inRoot(step)}`], clone);
    const cli = path.join(root, "app/node_modules/etcd-gateway/dist/runtime/etcd/command/cli.js");
    // Nothing but what was copied into the second stage is there.
    await rm(clone, { recursive: true });
    const flags = ["--listen", "127.0.0.1:0", "--endpoints", "127.0.0.1:1"];
    const child = spawn(process.execPath, [cli, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
    const url = /^etcd-gateway listening on (\S+)$/.exec(await firstLine(child))?.[1];
    await run(process.execPath, [cli, "--probe", `${url}/livez?exclude=serializable_read`], root);
    await assert.rejects(run(process.execPath, [cli, "--probe", String(url)], root), /\[-\]serializable_read failed/);
    await stop(child);
  });
});
