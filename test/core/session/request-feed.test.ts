import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonSequence } from "../../../runtime/core/session/json-sequence.js";
import { IncompleteRequests, SMALL_REQUEST } from "../../../runtime/core/session/limit/incomplete-requests.js";
import { MESSAGES_PER_TURN, RequestFeed } from "../../../runtime/core/session/request-feed.js";

/** A feed, with a record of what it does. */
class Recorded {
  readonly messages: string[] = [];
  /** The messages until the end. */
  endedAfter: number | undefined;
  error: unknown;
  isPaused = false;
  /** Whether the listener accepts more messages. */
  accepts = true;
  readonly requests = new IncompleteRequests(Number.MAX_SAFE_INTEGER);
  readonly feed: RequestFeed;

  constructor(isFramed = false) {
    const request = this.requests.begin(() => assert.fail("rejected"));
    const source = { pause: () => this.setPaused(true), resume: () => this.setPaused(false) };
    this.feed = new RequestFeed(new JsonSequence(SMALL_REQUEST, request), isFramed, source, request, {
      onMessage: (body) => {
        if (body.toString() === '"bad"') throw new Error("bad");
        this.messages.push(body.toString());
        return this.accepts;
      },
      onEnd: () => {
        this.endedAfter = this.messages.length;
      },
      onError: (error) => {
        this.error = error;
      },
    });
  }

  setPaused(isPaused: boolean): void {
    assert.notEqual(this.isPaused, isPaused, "paused or resumed twice");
    this.isPaused = isPaused;
  }
}

const turn = (): Promise<void> => new Promise(setImmediate);

test("a few messages pass at once, without a pause", () => {
  const recorded = new Recorded();
  recorded.feed.push(Buffer.from("{}[]"));
  recorded.feed.end();
  assert.deepEqual([recorded.messages, recorded.isPaused, recorded.endedAfter], [["{}", "[]"], false, 2]);
});

test("the messages of a chunk take turns with other work, and keep their order", async () => {
  const recorded = new Recorded();
  const texts = Array.from({ length: 10 * MESSAGES_PER_TURN }, (_, i) => `[${i}]`);
  recorded.feed.push(Buffer.from(texts.join("")));
  recorded.feed.push(Buffer.from("{}"));
  recorded.feed.end();
  for (let turns = 1; turns <= 10; turns++) {
    assert.deepEqual([recorded.messages.length, recorded.isPaused], [turns * MESSAGES_PER_TURN, true]);
    await turn();
  }
  assert.deepEqual(recorded.messages, [...texts, "{}"]);
  assert.deepEqual([recorded.isPaused, recorded.endedAfter], [false, texts.length + 1]);
});

test("chunks with one message each take turns with other work too", async () => {
  const recorded = new Recorded();
  for (let i = 0; i < MESSAGES_PER_TURN + 1; i++) recorded.feed.push(Buffer.from("{}"));
  assert.deepEqual([recorded.messages.length, recorded.isPaused], [MESSAGES_PER_TURN, true]);
  await turn();
  assert.deepEqual([recorded.messages.length, recorded.isPaused], [MESSAGES_PER_TURN + 1, false]);
});

test("a listener that asks to wait gets no message of the same chunk", async () => {
  const recorded = new Recorded();
  recorded.accepts = false;
  recorded.feed.push(Buffer.from("{}[]1"));
  recorded.feed.end();
  await turn();
  assert.deepEqual([recorded.messages, recorded.isPaused, recorded.endedAfter], [["{}"], true, undefined]);
  recorded.feed.resume();
  assert.deepEqual([recorded.messages, recorded.isPaused, recorded.endedAfter], [["{}", "[]"], true, undefined]);
  recorded.accepts = true;
  recorded.feed.resume();
  assert.deepEqual([recorded.messages, recorded.isPaused, recorded.endedAfter], [["{}", "[]", "1"], false, 3]);
});

test("a listener that accepts more at once, again and again, takes turns too", async () => {
  const recorded = new Recorded();
  recorded.accepts = false;
  recorded.feed.push(Buffer.from("{}".repeat(2 * MESSAGES_PER_TURN)));
  for (let i = 0; i < 2 * MESSAGES_PER_TURN; i++) recorded.feed.resume();
  assert.equal(recorded.messages.length, MESSAGES_PER_TURN);
  await turn();
  assert.equal(recorded.messages.length, MESSAGES_PER_TURN + 1);
});

test("frames end bare words, also those that waited", () => {
  const recorded = new Recorded(true);
  recorded.accepts = false;
  for (const frame of ["1", "2", "3"]) recorded.feed.push(Buffer.from(frame));
  recorded.feed.end();
  recorded.accepts = true;
  recorded.feed.resume();
  assert.deepEqual([recorded.messages, recorded.endedAfter], [["1", "2", "3"], 3]);
});

test("an error ends the feed, and lets the source go on", async () => {
  const recorded = new Recorded();
  recorded.feed.push(Buffer.from(`${"{}".repeat(MESSAGES_PER_TURN)}"bad"{}`));
  assert.ok(recorded.isPaused);
  await turn();
  assert.equal(String(recorded.error), "Error: bad");
  recorded.feed.push(Buffer.from("{}"));
  recorded.feed.resume();
  recorded.feed.end();
  assert.deepEqual(
    [recorded.messages.length, recorded.isPaused, recorded.endedAfter],
    [MESSAGES_PER_TURN, false, undefined],
  );
});

test("a feed that is stopped passes on nothing", async () => {
  const recorded = new Recorded();
  recorded.feed.push(Buffer.from("{}".repeat(2 * MESSAGES_PER_TURN)));
  recorded.feed.stop();
  await turn();
  recorded.feed.end();
  assert.deepEqual(
    [recorded.messages.length, recorded.isPaused, recorded.endedAfter, recorded.error],
    [MESSAGES_PER_TURN, false, undefined, undefined],
  );
});

test("a message whose reading stopped the feed is not passed on", () => {
  const splitter = {
    push: () => {},
    next: () => {
      feed.stop();
      return Buffer.from("{}");
    },
    flush: () => undefined,
    end: () => undefined,
    drop: () => {},
  };
  const calls: string[] = [];
  const feed: RequestFeed = new RequestFeed(
    splitter,
    false,
    { pause: () => {}, resume: () => {} },
    new IncompleteRequests(1).begin(() => {}),
    {
      onMessage: () => calls.push("message") > 0,
      onEnd: () => calls.push("end"),
      onError: () => calls.push("error"),
    },
  );
  feed.push(Buffer.from("{}"));
  feed.end();
  assert.deepEqual(calls, []);
});

test("a frame counts as long as any message of it waits", async () => {
  const recorded = new Recorded(true);
  const frame = Buffer.from("{}".repeat(SMALL_REQUEST));
  recorded.feed.push(frame);
  assert.ok(recorded.isPaused);
  for (; recorded.isPaused; await turn()) assert.ok(recorded.requests.bytes >= frame.length);
  assert.deepEqual([recorded.messages.length, recorded.requests.bytes], [SMALL_REQUEST, 0]);
});

test("frames that wait count with what each of them takes besides its bytes", () => {
  const recorded = new Recorded(true);
  recorded.accepts = false;
  for (let i = 0; i < 10_000; i++) recorded.feed.push(Buffer.from("1"));
  assert.ok(recorded.requests.bytes > 100 * 10_000);
  recorded.feed.stop();
  assert.equal(recorded.requests.bytes, 0);
});

test("a message counts until the listener accepts another one", () => {
  const recorded = new Recorded();
  recorded.accepts = false;
  const message = Buffer.from(`"${"x".repeat(SMALL_REQUEST - 2)}"`);
  recorded.feed.push(message.subarray(0, 1000));
  recorded.feed.push(message.subarray(1000));
  assert.deepEqual([recorded.messages.length, recorded.isPaused], [1, true]);
  assert.ok(recorded.requests.bytes > message.length);
  recorded.accepts = true;
  recorded.feed.resume();
  assert.equal(recorded.requests.bytes, 0);
});

test("a large frame counts while its message is incomplete, and its short rest does not keep it", () => {
  const frame = Buffer.from(`${"{}".repeat(SMALL_REQUEST)}"abc`);
  for (const [begin, isLarge] of [
    [`"${"x".repeat(2 * SMALL_REQUEST)}`, true],
    [frame.toString(), false],
  ] as const) {
    const requests = new IncompleteRequests(Number.MAX_SAFE_INTEGER);
    const sequence = new JsonSequence(
      3 * SMALL_REQUEST,
      requests.begin(() => assert.fail("rejected")),
    );
    sequence.push(Buffer.from(begin));
    while (sequence.next() !== undefined);
    assert.equal(requests.bytes > 0, isLarge);
    const rest = sequence.end();
    assert.ok(rest !== undefined);
    assert.ok(isLarge || rest.buffer.byteLength < frame.length);
    assert.equal(requests.bytes, 0);
  }
});
