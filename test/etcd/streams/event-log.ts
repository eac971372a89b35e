import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { at, base64 } from "../../http/etcd-json.js";
import type { Stream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";

/** The events that a client has received from one watch. */
export class EventLog {
  readonly events: unknown[] = [];
  /** The number of responses with `created`. */
  created = 0;
  /** The revision of the last event; 0 before the first. */
  last = 0;
  /** The number of revisions that were split over several responses. */
  splits = 0;
  /** The response that ended the watch. */
  end: unknown;

  /** Adds a `WatchResponse` in JSON. */
  add(answer: Record<string, unknown>): void {
    if (answer["created"] === true) this.created += 1;
    if (answer["canceled"] === true) this.end = answer;
    const { events } = answer;
    if (!Array.isArray(events)) return;
    if (revision(events[0]) === this.last) this.splits += 1;
    this.events.push(...events);
    this.last = revision(events.at(-1));
  }
}

function revision(event: unknown): number {
  return Number(at(event, "kv", "mod_revision"));
}

/** Reads a watch stream until it ends, into the logs of its watches by watch id. */
export async function readWatches(stream: Stream, logs: Readonly<Record<string, EventLog>>): Promise<void> {
  try {
    for (let line = await stream.next(); line !== undefined; line = await stream.next()) {
      const answer = Object(at(line, "result"));
      const log = logs[String(answer.watch_id ?? 0)];
      assert.ok(log !== undefined, `a response for watch ${answer.watch_id}`);
      log.add(answer);
    }
  } catch (error) {
    // The test has destroyed the connection.
    if (!(error instanceof Error && "code" in error && error.code === "ECONNRESET")) throw error;
  }
}

/** Puts and deletes keys under a prefix, and writes several at once, until it is stopped. Failed writes are ignored. */
export async function write(url: string, prefix: string, stop: AbortSignal): Promise<void> {
  for (let n = 0; !stop.aborted; n++) {
    const keys = [0, 1, 2].map((i) => base64(`${prefix}/${(n + i) % 5}`));
    const puts = keys.map((key) => ({ request_put: { key, value: base64(`${n}`) } }));
    if (n % 3 === 0) await post(`${url}/v3/kv/txn`, { success: puts });
    else if (n % 3 === 1) await post(`${url}/v3/kv/deleterange`, { key: keys[0] });
    else await post(`${url}/v3/kv/put`, { key: keys[1], value: base64(`${n}`) });
    await delay(5);
  }
}
