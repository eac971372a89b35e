import assert from "node:assert/strict";
import { it } from "node:test";
import { Caller } from "../../../runtime/core/call/caller.js";
import { flagValues } from "../../../runtime/etcd/command/flags/flag-values.js";
import { serveFlags } from "../../../runtime/etcd/command/flags/flags.js";
import { serve } from "../../../runtime/etcd/command/serve.js";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { post } from "../../http/requests.js";

it("a server that cannot close writes what it has counted, all the same", async (t) => {
  const { close } = Caller.prototype;
  t.mock.method(Caller.prototype, "close", async function (this: Caller, grace: number) {
    await close.call(this, grace);
    throw new Error("no transport");
  });
  const args = ["--endpoints", "127.0.0.1:1", "--listen", "127.0.0.1:0", "--channel", TEST_CHANNEL];
  const lines: string[] = [];
  const server = await serve(serveFlags(flagValues(args, {})), (line) => lines.push(line));
  const range = () => post(`${server.url}/v3/kv/range`, { key: "Zm9v" });
  await Promise.all(Array.from({ length: 5 }, range));
  await assert.rejects(server.close(), /no transport/);
  assert.match(lines.at(-1) ?? "", /^503 .* \(repeated: \d\)$/);
});
