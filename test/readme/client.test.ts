import assert from "node:assert/strict";
import { test } from "node:test";
import { startEtcd } from "../etcd-server/server.js";
import { runProgram } from "./run/program.js";
import { snippets } from "./run/snippets.js";

test("the client in docs/mounting.md does what the page says", async (t) => {
  const etcd = await startEtcd();
  t.after(() => etcd.stop());
  const blocks = snippets("docs/mounting.md", "ts").filter((block) => /\bclient\b/.test(block));
  const program = `import { etcdGateway } from "etcd-gateway";
    const gateway = etcdGateway({ endpoints: [${JSON.stringify(etcd.endpoint)}] });
    ${blocks.join("\n")}
    await gateway.close();`;
  const expected = blocks.flatMap((block) => [...block.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line));
  assert.equal(expected.length, 4);
  assert.deepEqual((await runProgram("client", program)).trimEnd().split("\n"), expected);
});
