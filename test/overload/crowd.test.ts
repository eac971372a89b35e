import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { Crowd } from "../../runtime/core/http/limit/crowd.js";

// From Node.js 22 on, the event loop counts nothing before its first turn, which no request comes before.
before(() => turn());

/** Keeps the event loop busy, in milliseconds. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test("a crowd that keeps the event loop busy for half a second stays, until there is none for a second", async () => {
  const crowd = new Crowd();
  assert.equal(crowd.stays(128), false);
  work(250);
  assert.equal(crowd.stays(1_000), false);
  work(300);
  assert.equal(crowd.stays(127), false);
  assert.equal(crowd.stays(128), true);
  work(600);
  assert.equal(crowd.stays(128), true);
  work(1_100);
  assert.equal(crowd.stays(128), false);
  await delay(0);
});

test("a crowd that waits for the server does not count", async () => {
  const crowd = new Crowd();
  for (let i = 0; i < 8; i++) {
    assert.equal(crowd.stays(900), false);
    await delay(110);
  }
});
