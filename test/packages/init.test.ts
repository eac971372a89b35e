import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { firstLine } from "../first-line.js";
import { createProject, type Project } from "./project/project.js";
import { run } from "./project/run-program.js";

const EXAMPLE = new URL("../../examples/bookstore/", import.meta.url);

describe("protoc-gen-express-gateway init, from a folder of protos to a response", () => {
  let project: Project;
  let output: string;
  before(async () => {
    const { dependencies, devDependencies } = JSON.parse(await readFile(new URL("package.json", EXAMPLE), "utf8"));
    const { "@etcd-gateway/client": _, "@etcd-gateway/runtime": __, ...used } = dependencies;
    const { "protoc-gen-express-gateway": ___, ...tools } = devDependencies;
    const packed = ["@etcd-gateway/client", "@etcd-gateway/runtime", "protoc-gen-express-gateway"] as const;
    project = await createProject(EXAMPLE, { packed, others: { ...used, ...tools } }, { type: "module" });
    // All that is left of the example is its protos, and what is installed.
    for (const name of ["src", "buf.yaml", "buf.gen.yaml", "tsconfig.json"]) {
      await rm(path.join(project.folder, name), { recursive: true });
    }
    output = (await run("npx", ["--no-install", "protoc-gen-express-gateway", "init"], project.folder)).stdout;
  });
  after(() => project.remove());

  it("says what to run, and it works", async () => {
    const commands = output.split("\n").flatMap((line) => /^ {2}(.*)$/.exec(line)?.[1] ?? []);
    assert.deepEqual(commands, ["npx buf generate", "npx tsc", "GRPC_ENDPOINT=127.0.0.1:50051 node dist/server.js"]);
    for (const command of commands.slice(0, 2)) {
      const [program = "", ...args] = command.split(" ");
      await run(program, args, project.folder);
    }
  });

  it("has made a server that finds the routes, and tells of a gRPC server that is not there", async () => {
    const child = spawn(process.execPath, ["dist/server.js"], {
      cwd: project.folder,
      env: { PATH: process.env["PATH"], PORT: "0", GRPC_ENDPOINT: "127.0.0.1:1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await firstLine(child);
    const statusOf = async (target: string): Promise<number> => (await fetch(`${url}${target}`)).status;
    assert.equal(await statusOf("/v1/shelves/1"), 503);
    assert.equal(await statusOf("/v1/nothing/1"), 404);
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
  });
});
