import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { Deadlines } from "../../../../runtime/core/transport/call/deadlines.js";

/** When the time of a test begins, in milliseconds since 1970. */
const START = 1_700_000_000_000;

/** Something with a deadline, which notes when it expired. */
class Task {
  expiredAt: number | undefined;

  expire(): void {
    assert.equal(this.expiredAt, undefined, "it expired twice");
    this.expiredAt = performance.now();
  }
}

/** Mocks the timers and both clocks, of which the monotonic one begins at 0. Returns a function that lets time pass. */
function mockTime(t: TestContext): (milliseconds: number) => void {
  let now = 0;
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
  t.mock.method(performance, "now", () => now);
  t.mock.getter(performance, "timeOrigin", () => START);
  return (milliseconds) => {
    now += milliseconds;
    t.mock.timers.tick(milliseconds);
  };
}

it("each expires at its time, never before and hardly after, whatever the order", (t) => {
  const tick = mockTime(t);
  const deadlines = new Deadlines();
  const times = [5_000, 30, 70_000, 31, 1, 5_000, 12_345];
  const tasks = times.map((time) => {
    const task = new Task();
    deadlines.add(START + time, task);
    return task;
  });
  for (let now = 0; now < 80_000; now += 5) tick(5);
  for (const [i, { expiredAt }] of tasks.entries()) {
    const time = times[i] ?? 0;
    assert.ok(expiredAt !== undefined && expiredAt >= time && expiredAt <= time + 15, `${expiredAt} for ${time}`);
  }
});

it("what was taken out does not expire, and its neighbours do", (t) => {
  const tick = mockTime(t);
  const deadlines = new Deadlines();
  const [gone, stays] = [new Task(), new Task()];
  const span = deadlines.add(START + 100, gone);
  deadlines.add(START + 100, stays);
  deadlines.remove(span, gone);
  deadlines.remove(span, gone);
  tick(200);
  assert.equal(gone.expiredAt, undefined);
  assert.equal(stays.expiredAt, 200);
});

it("a deadline beyond what a timer of Node.js takes is kept", (t) => {
  const tick = mockTime(t);
  const deadlines = new Deadlines();
  const task = new Task();
  deadlines.add(START + 2 ** 31 + 1_000, task);
  tick(2 ** 31 - 1);
  assert.equal(task.expiredAt, undefined);
  tick(2_000);
  assert.notEqual(task.expiredAt, undefined);
});

it("a deadline does not move when the clock is set", (t) => {
  const tick = mockTime(t);
  const deadlines = new Deadlines();
  const task = new Task();
  deadlines.add(START + 1_000, task);
  t.mock.method(Date, "now", () => START - 15_000);
  tick(990);
  assert.equal(task.expiredAt, undefined);
  tick(10);
  assert.equal(task.expiredAt, 1_000);
});
