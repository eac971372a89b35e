import assert from "node:assert/strict";
import { test } from "node:test";
import { longerPingInterval } from "../../../../runtime/core/transport/lean/ping-interval.js";

test("a server that complains again and again is pinged ever less, but pinged", () => {
  let interval = 6_000;
  for (let i = 0; i < 100; i++) {
    const longer = longerPingInterval(interval);
    assert.ok(longer >= interval);
    interval = longer;
  }
  assert.equal(longerPingInterval(6_000), 12_000);
  assert.equal(interval, 300_000);
  assert.equal(longerPingInterval(3_600_000), 3_600_000);
});
