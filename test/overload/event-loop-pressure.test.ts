import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { EventLoopPressure } from "../../runtime/src/http/event-loop-pressure.js";

const PATIENCE = 500;

test("pressure is high when the event loop had no pause for half a second, and no more when it has", async () => {
  const pressure = new EventLoopPressure(1);
  for (const least of [PATIENCE, 0]) {
    const start = performance.now();
    while (!pressure.isHigh()) {
      assert.ok(performance.now() - start < 10_000, "never");
      await turn();
    }
    assert.ok(performance.now() - start >= least, "too early");
    const end = performance.now();
    while (pressure.isHigh()) {
      assert.ok(performance.now() - end < 10_000, "for ever");
      await sleep(10);
    }
  }
});

test("a crowd that waits for the server is no pressure", async () => {
  const pressure = new EventLoopPressure(1);
  const end = performance.now() + 1.5 * PATIENCE;
  while (performance.now() < end) {
    assert.equal(pressure.isHigh(), false);
    await sleep(10);
  }
});

test("a burst is no pressure, however long the last one is ago", async () => {
  const pressure = new EventLoopPressure(1);
  assert.equal(pressure.isHigh(), false);
  const end = performance.now() + 1.2 * PATIENCE;
  while (performance.now() < end) await turn();
  assert.equal(pressure.isHigh(), false);
});
