import assert from "node:assert/strict";
import { test } from "node:test";
import { at, base64, post, result } from "../../e2e/client.js";
import { CommandProcess } from "../../etcd/command/command-process.js";
import { residentMemory } from "../../etcd/command/resident-memory.js";
import { startEtcd } from "../../etcd-server/server.js";
import { Socket } from "./socket.js";

const mebibyte = 1 << 20;
/** How much is written while the client does not read, in events of 1 MiB. */
const events = 100;

test("a socket that nobody reads holds etcd back: memory stays flat, and no event is lost", async () => {
  const etcd = await startEtcd();
  const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"]);
  try {
    const url = await command.url();
    const put = async (value: string) => {
      const answer = await post(`${url}/v3/kv/put`, { key: base64("stalled"), value });
      assert.deepEqual(result(answer), {});
      return at(answer.json, "header", "revision");
    };
    const value = base64(Buffer.alloc(mebibyte, "event"));
    // The same work without a watch, so that what the writes need is there already.
    for (let i = 0; i < 40; i++) await put(value);

    const watch = await new Socket(`${url.replace("http:", "ws:")}/v3/watch`).opened();
    watch.send(JSON.stringify({ create_request: { key: base64("stalled") } }));
    assert.equal(at(await watch.json(), "result", "created"), true);
    watch.ws.pause();
    const before = await residentMemory(command.pid);
    const revisions: unknown[] = [];
    for (let i = 0; i < events; i++) revisions.push(await put(value));
    if (process.platform === "linux") {
      const growth = (await residentMemory(command.pid)) - before;
      // Less than the events by far; garbage that is not collected yet makes the measure swing by 40 MiB.
      assert.ok(growth < 60 * mebibyte, `it grew by ${Math.round(growth / mebibyte)} MiB`);
    }
    watch.ws.resume();
    const seen: unknown[] = [];
    while (seen.length < events) {
      const batch = at(await watch.json(), "result", "events");
      assert.ok(Array.isArray(batch));
      seen.push(...batch.map((event) => at(event, "kv", "mod_revision")));
    }
    assert.deepEqual(seen, revisions);
    // The command ends it in good order.
    const stopped = command.stop();
    assert.deepEqual(await watch.closed, { code: 4014, reason: "the gateway is shutting down" });
    await stopped;
  } finally {
    await command.stop();
    await etcd.stop();
  }
});
