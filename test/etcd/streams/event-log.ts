import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { at, base64, post, type Stream } from "../../e2e/client.js";

/** The events of one watch, as its client has got them. */
export class EventLog {
  readonly events: unknown[] = [];
  /** How many answers `created` came. */
  created = 0;
  /** The revision of the last event; 0 before the first. */
  last = 0;
  /** How many revisions came in more than one answer. */
  splits = 0;
  /** The answer that says that the watch is over. */
  end: unknown;

  /** Takes a `WatchResponse` in JSON. */
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

/** Reads a watch stream into the logs of its watches, by their ids, until it ends. */
export async function readWatches(stream: Stream, logs: Readonly<Record<string, EventLog>>): Promise<void> {
  try {
    for (let line = await stream.next(); line !== undefined; line = await stream.next()) {
      const answer = Object(at(line, "result"));
      const log = logs[String(answer.watch_id ?? 0)];
      assert.ok(log !== undefined, `an answer for watch ${answer.watch_id}`);
      log.add(answer);
    }
  } catch (error) {
    // The test has broken the connection off.
    if (!(error instanceof Error && "code" in error && error.code === "ECONNRESET")) throw error;
  }
}

/** Puts, deletes, and writes several keys at once under a prefix, until it is told to stop. What fails is left behind. */
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

/** Waits until something is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>, within = 30_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, `it did not happen in ${within} ms`);
    await delay(20);
  }
}
