import assert from "node:assert/strict";
import { test } from "node:test";
import { Fifo } from "../../../runtime/core/collections/fifo.js";

test("a queue gives back what it got, and lets go of it", () => {
  const queue = new Fifo<number>();
  for (let i = 0; i < 10; i++) queue.push(i);
  assert.deepEqual(
    [queue.shift(), queue.shift(), queue.length, queue.first, [...queue]],
    [0, 1, 8, 2, [2, 3, 4, 5, 6, 7, 8, 9]],
  );
  for (let i = 2; i < 10; i++) assert.equal(queue.shift(), i);
  assert.deepEqual([queue.shift(), queue.first, queue.length], [undefined, undefined, 0]);
  queue.push(1);
  queue.clear();
  assert.deepEqual([...queue], []);
});
