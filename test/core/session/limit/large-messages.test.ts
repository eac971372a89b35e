import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { test } from "node:test";
import type { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { UnreadResponses } from "../../../../runtime/core/session/limit/unread-responses.js";
import { Clock } from "./clock.js";

/** A client's connection that accepts bytes when a test says so. */
class Client extends Duplex {
  error: GatewayError | undefined;
  #accept: () => void = () => {};

  override _read(): void {}

  override _write(_chunk: Buffer, _encoding: string, callback: () => void): void {
    this.#accept = callback;
  }

  /** Reads the oldest byte that waits. */
  readByte(): void {
    const accept = this.#accept;
    this.#accept = () => {};
    accept();
  }
}

/** Makes a client for which the gateway holds bytes. At most 100 of them can be read, one after the other. */
function holdFor(responses: UnreadResponses, bytes: number): { client: Client; release: () => void } {
  const client = new Client();
  for (let i = 0; i < Math.min(bytes, 100); i++) client.write("x");
  const held = responses.hold(client, bytes, (error) => {
    client.error = error;
  });
  return { client, release: held.release };
}

/** Begins messages and records, in order, which of them may go on. */
function beginner(responses: UnreadResponses): { begin(length: number): () => void; readonly going: number[] } {
  const going: number[] = [];
  let count = 0;
  return {
    going,
    begin(length) {
      const number = count++;
      const arrival = responses.begin(length, () => {
        assert.equal(arrival.waits, false);
        going.push(number);
      });
      if (!arrival.waits) going.push(number);
      return arrival.end;
    },
  };
}

/** Lets what was planned for the end of the turn of the event loop happen. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
}

test("messages arrive while there is room, and the others in order as room is made", async () => {
  const responses = new UnreadResponses({ limit: 100, timeout: 0 });
  const { begin, going } = beginner(responses);
  const ends = [40, 60, 1, 30, 80].map(begin);
  assert.deepEqual(going, [0, 1]);
  assert.equal(responses.bytes, 100);
  ends[0]?.();
  await settled();
  assert.deepEqual(going, [0, 1, 2, 3]);
  // One that waits and ends is not waited for.
  ends[4]?.();
  ends[4]?.();
  const last = begin(100);
  for (const end of ends.slice(0, 4)) end();
  await settled();
  assert.deepEqual(going, [0, 1, 2, 3, 5]);
  last();
  assert.equal(responses.bytes, 0);
});

test("one message may exceed the limit, and no other arrives until clients have read enough", async () => {
  const responses = new UnreadResponses({ limit: 100, timeout: 0 });
  const { begin, going } = beginner(responses);
  const { release } = holdFor(responses, 90);
  const end = begin(500);
  begin(1);
  assert.deepEqual(going, [0]);
  const large = holdFor(responses, 500);
  end();
  await settled();
  assert.deepEqual(going, [0]);
  release();
  await settled();
  assert.deepEqual(going, [0]);
  large.release();
  await settled();
  assert.deepEqual(going, [0, 1]);
});

test("for a message that waits, the client that has read nothing for longest is cut off, and no client that reads", async (t) => {
  const clock = new Clock(t);
  const responses = new UnreadResponses({ limit: 100, timeout: 0 });
  const { begin, going } = beginner(responses);
  const reading = holdFor(responses, 70);
  const stalled = holdFor(responses, 20);
  const idle = holdFor(responses, 20);
  begin(50);
  assert.deepEqual(going, []);
  for (let half = 0; half < 2; half++) {
    reading.client.readByte();
    if (half < 1) idle.client.readByte();
    clock.pass(500);
    await settled();
    if (half < 1) assert.deepEqual([stalled.client.error, idle.client.error], [undefined, undefined]);
  }
  assert.match(stalled.client.error?.message ?? "", /holds more than 50 bytes/);
  assert.deepEqual([reading.client.error, idle.client.error], [undefined, undefined]);
  assert.deepEqual(going, [0]);
});

test("clients that read, but too slowly for those that wait, are cut off one at a time", async (t) => {
  const clock = new Clock(t);
  const responses = new UnreadResponses({ limit: 100, timeout: 0 });
  const { begin, going } = beginner(responses);
  const slow = [1, 2, 3].map(() => holdFor(responses, 80).client);
  const cut = (): number => slow.filter(({ error }) => error !== undefined).length;
  begin(50);
  await settled();
  const cuts: number[] = [];
  for (let second = 0; second < 12; second++) {
    for (const client of slow) client.readByte();
    clock.pass(1_000);
    await settled();
    cuts.push(cut());
  }
  assert.deepEqual(cuts, [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2]);
  assert.deepEqual(going, [0]);
});

test("a lone client may have more than the limit as long as nothing waits", async (t) => {
  const clock = new Clock(t);
  const responses = new UnreadResponses({ limit: 100, timeout: 0 });
  const { client } = holdFor(responses, 200);
  clock.pass(60_000);
  await settled();
  assert.equal(client.error, undefined);
  beginner(responses).begin(50);
  clock.pass(1_000);
  await settled();
  assert.match(String(client.error), /holds more than 100 bytes/);
});

test("while a message waits, a client that reads nothing may have half of the limit", async (t) => {
  const clock = new Clock(t);
  const responses = new UnreadResponses({ limit: 100, timeout: 0 });
  const { begin, going } = beginner(responses);
  const stalled = [holdFor(responses, 50).client, holdFor(responses, 30).client];
  begin(30);
  clock.pass(60_000);
  await settled();
  assert.deepEqual(stalled[0]?.error ?? stalled[1]?.error, undefined);
  begin(30);
  clock.pass(500);
  await settled();
  assert.deepEqual(going, [0, 1]);
  assert.match(String(stalled[0]?.error), /holds more than 50 bytes/);
  assert.equal(stalled[1]?.error, undefined);
});

test("clients that read may have all of the limit while a message waits, and more for less than 5 s", async (t) => {
  const clock = new Clock(t);
  const responses = new UnreadResponses({ limit: 100, timeout: 0 });
  const { begin } = beginner(responses);
  const reading = [holdFor(responses, 90).client];
  begin(30);
  begin(30);
  const cutAfter = async (seconds: number): Promise<number> => {
    for (let second = 0; second < seconds; second++) {
      for (const client of reading) client.readByte();
      clock.pass(1_000);
      await settled();
    }
    return reading.filter(({ error }) => error !== undefined).length;
  };
  assert.equal(await cutAfter(30), 0);
  reading.push(holdFor(responses, 30).client);
  assert.equal(await cutAfter(4), 0);
  assert.equal(await cutAfter(2), 1);
});

test("there is never more than the limit and one message, and every message arrives", async () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const LIMIT = 1_000;
  const LONGEST = 300;
  const responses = new UnreadResponses({ limit: LIMIT, timeout: 0 });
  const arriving = new Set<() => void>();
  const unread = new Set<() => void>();
  let begun = 0;
  let read = 0;
  const begin = (): void => {
    const length = 1 + random(LONGEST);
    begun += 1;
    const go = (): void => {
      arriving.add(() => {
        const { release } = holdFor(responses, length);
        arrival.end();
        unread.add(release);
      });
    };
    const arrival = responses.begin(length, go);
    if (!arrival.waits) go();
  };
  /** Does and removes one of the steps, if there are any. */
  const one = (steps: Set<() => void>): boolean => {
    const step = [...steps][random(steps.size || 1)];
    if (step === undefined) return false;
    steps.delete(step);
    step();
    return true;
  };
  for (let i = 0; i < 3_000 || read < begun; i++) {
    const choice = random(3);
    if (choice === 0 && i < 3_000) begin();
    else if (choice === 1) one(arriving);
    else if (one(unread)) read += 1;
    if (random(4) === 0) await settled();
    assert.ok(responses.bytes <= LIMIT + LONGEST, `${responses.bytes} bytes`);
  }
  assert.equal(responses.bytes, 0);
});
