import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { etcdGateway } from "../../runtime/etcd/index.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { portOf } from "../server-address.js";
import { commandLines } from "./run/command-lines.js";
import { runProgram } from "./run/program.js";
import { runCommands } from "./run/run-commands.js";
import { snippets } from "./run/snippets.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOO = { key: "Zm9v", value: "YmFy" };

describe("the README", () => {
  let etcd: EtcdServer;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());

  it("has an app that serves etcd, and closes as it says", async () => {
    const [app, ...others] = snippets("README.md", "ts");
    assert.ok(app !== undefined);
    assert.deepEqual(others, []);
    const program = [
      app.replace('"127.0.0.1:2379"', JSON.stringify(etcd.endpoint)).replace("listen(8080,", "listen(0,"),
      'await new Promise((resolve) => server.once("listening", resolve));',
      "const url = `http://127.0.0.1:$" + "{server.address().port}/v3/kv/put`;",
      `const answer = await fetch(url, { method: "POST", body: '${JSON.stringify(FOO)}' });`,
      "console.log(answer.status, Object.keys(await answer.json()).join());",
      'process.kill(process.pid, "SIGTERM");',
    ].join("\n");
    assert.equal(await runProgram("readme", program), "200 header\n");
  });

  it("has curl lines that work", async () => {
    const gateway = etcdGateway({ endpoints: [etcd.endpoint] });
    const { createServer } = await import("node:http");
    const server = createServer((req, res) => gateway.router(req, res, () => res.writeHead(404).end()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");

    const blocks = snippets("README.md", "sh").filter((block) => block.startsWith("curl "));
    assert.equal(blocks.length, 1);
    for (const block of blocks) {
      await runCommands(commandLines(block.replaceAll("127.0.0.1:8080", `127.0.0.1:${portOf(server)}`)));
    }
    await gateway.close();
    server.closeAllConnections();
    server.close();
  });

  it("keeps to 120 columns", () => {
    const lines = readFileSync(`${ROOT}README.md`, "utf8").split("\n");
    assert.deepEqual(
      lines.filter((line) => line.length > 120),
      [],
    );
  });

  it("names only scripts and files that exist", () => {
    const text = readFileSync(`${ROOT}README.md`, "utf8");
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
    for (const [, script = ""] of text.matchAll(/npm run ([a-z:]+)/g)) assert.ok(script in scripts, script);
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(`${ROOT}${target}`), target);
    }
  });
});
