import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Crowd } from "../../runtime/core/session/limit/crowd.js";

/** Times of an event loop, in milliseconds, which pass as a test says. */
class Loop {
  #active = 0;
  #idle = 0;

  constructor(t: TestContext) {
    t.mock.method(performance, "now", () => this.#active + this.#idle);
    t.mock.method(performance, "eventLoopUtilization", (before = { active: 0, idle: 0 }) => {
      const active = this.#active - before.active;
      const idle = this.#idle - before.idle;
      return { active, idle, utilization: active / (active + idle) };
    });
  }

  work(ms: number): void {
    this.#active += ms;
  }

  wait(ms: number): void {
    this.#idle += ms;
  }
}

test("a crowd that keeps the event loop busy for half a second stays, until there is none for a second", (t) => {
  const loop = new Loop(t);
  const crowd = new Crowd();
  assert.equal(crowd.stays(128), false);
  loop.work(250);
  assert.equal(crowd.stays(1_000), false);
  loop.work(300);
  assert.equal(crowd.stays(127), false);
  assert.equal(crowd.stays(128), true);
  loop.work(600);
  assert.equal(crowd.stays(128), true);
  loop.work(1_100);
  assert.equal(crowd.stays(128), false);
});

test("a crowd that waits for the server does not count", (t) => {
  const loop = new Loop(t);
  const crowd = new Crowd();
  for (let i = 0; i < 8; i++) {
    assert.equal(crowd.stays(900), false);
    loop.work(95);
    loop.wait(15);
  }
});
