import assert from "node:assert/strict";
import { test } from "node:test";
import { RepetitionLog } from "../../../../runtime/etcd/command/log/repetition-log.js";

test("lines that come again within a second are counted", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const lines: string[] = [];
  const log = new RepetitionLog((line) => lines.push(line));
  for (const line of ["a", "b", "a", "a"]) log.log(line);
  assert.deepEqual(lines, ["a", "b"]);
  t.mock.timers.tick(1000);
  assert.deepEqual(lines.splice(0), ["a", "b", "a (repeated: 2)"]);
  log.log("a");
  t.mock.timers.tick(1000);
  log.log("a");
  log.log("a");
  log.flush();
  assert.deepEqual(lines.splice(0), ["a", "a", "a (repeated: 1)"]);
  t.mock.timers.tick(5000);
  assert.deepEqual(lines, []);
});
