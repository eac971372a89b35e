import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonSequence } from "../../../runtime/core/session/json-sequence.js";
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
  readonly feed: RequestFeed;

  constructor(isFramed = false) {
    const source = { pause: () => this.setPaused(true), resume: () => this.setPaused(false) };
    this.feed = new RequestFeed(new JsonSequence(1000), isFramed, source, {
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
