import assert from "node:assert/strict";
import { test } from "node:test";
import { WatchPosition } from "../../../runtime/etcd/client/watch-position.js";

const CLUSTER = 7n;

for (const start of [0n, -1n]) {
  test(`a watch from ${start} continues behind the revision at which it was created`, () => {
    const position = new WatchPosition(start);
    position.onConnect();
    assert.equal(position.next, start);
    position.onCreated(10n, CLUSTER);
    assert.equal(position.next, 11n);
    position.onConnect();
    position.onCreated(14n, CLUSTER);
    assert.equal(position.next, 11n);
  });
}

test("a watch from a revision that the store has not reached continues there", () => {
  const position = new WatchPosition(100n);
  position.onConnect();
  position.onCreated(10n, CLUSTER);
  position.onProgress(12n);
  assert.equal(position.next, 100n);
});
