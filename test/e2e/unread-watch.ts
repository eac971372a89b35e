import assert from "node:assert/strict";
import { CommandProcess } from "../etcd/command/command-process.js";
import { residentMemory } from "../etcd/command/resident-memory.js";
import { startEtcd } from "../etcd-server/server.js";
import { at, base64, result } from "../http/etcd-json.js";
import { post } from "../http/requests.js";

const MIB = 1 << 20;
/** How much is written while the client does not read, in events of 1 MiB. */
const EVENTS = 100;

/** A watch whose client does not read. */
export interface UnreadWatch {
  /** Lets the client read again. */
  resume(): Promise<void> | void;
  /** Returns the next message. */
  next(): Promise<unknown>;
  /** Ends the watch. */
  close(command: CommandProcess): Promise<void> | void;
}

/**
 * Checks that a watch that nobody reads holds etcd back: the memory of the command stays flat, and no event is lost.
 *
 * @param open opens a watch, without reading from it
 */
export async function checkUnreadWatch(open: (url: string, request: object) => Promise<UnreadWatch>): Promise<void> {
  const etcd = await startEtcd();
  const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"]);
  try {
    const url = await command.url();
    const put = async (value: string) => {
      const response = await post(`${url}/v3/kv/put`, { key: base64("stalled"), value });
      assert.deepEqual(result(response), {});
      return at(response.json, "header", "revision");
    };
    const value = base64(Buffer.alloc(MIB, "event"));
    // The same work without a watch, so that what the writes need is there already.
    for (let i = 0; i < 40; i++) await put(value);

    const watch = await open(`${url}/v3/watch`, { create_request: { key: base64("stalled") } });
    const before = await residentMemory(command.pid);
    const revisions: unknown[] = [];
    for (let i = 0; i < EVENTS; i++) revisions.push(await put(value));
    if (process.platform === "linux") {
      const growth = (await residentMemory(command.pid)) - before;
      // Less than the events by far; garbage that is not collected yet makes the measure swing by 40 MiB.
      assert.ok(growth < 60 * MIB, `it grew by ${Math.round(growth / MIB)} MiB`);
    }

    await watch.resume();
    const seen: unknown[] = [];
    while (seen.length < EVENTS) {
      const batch = at(await watch.next(), "result", "events");
      assert.ok(Array.isArray(batch));
      seen.push(...batch.map((event) => at(event, "kv", "mod_revision")));
    }
    assert.deepEqual(seen, revisions);
    await watch.close(command);
  } finally {
    await command.stop();
    await etcd.stop();
  }
}
