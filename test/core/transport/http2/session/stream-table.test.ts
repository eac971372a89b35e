import assert from "node:assert/strict";
import { test } from "node:test";
import { Http2Stream } from "../../../../../runtime/core/transport/http2/session/http2-stream.js";
import { StreamTable } from "../../../../../runtime/core/transport/http2/session/stream-table.js";
import { growthOfOldGeneration, Load } from "../../../collections/old-generation.js";

class Stream extends Http2Stream {
  readonly load = new Load();
  onHeaders(): void {}
  onData(): void {}
  onSent(): void {}
  onEnd(): void {}
  onReset(): void {}
  onError(): void {}
  onLost(): void {}
}

test("streams get odd ids in turn, and are found by them until they are closed", () => {
  const table = new StreamTable(1);
  const [first, second] = [new Stream(), new Stream()];
  table.add(first);
  table.add(second);
  assert.deepEqual([first.id, second.id, table.size], [1, 3, 2]);
  assert.deepEqual(table.all(), [first, second]);
  assert.equal(table.of(3, "DATA"), second);
  assert.equal(table.delete(first), true);
  assert.equal(table.delete(first), false);
  assert.deepEqual([table.size, table.has(first), table.of(1, "DATA")], [1, false, undefined]);
  assert.throws(() => table.of(5, "DATA"), { message: /DATA on stream 5, which has not been opened/ });
  assert.throws(() => table.of(2, "DATA"));
});

test("a stream stays open while any number of others come and go", () => {
  const table = new StreamTable(1);
  const lasting = [new Stream(), new Stream()];
  for (const stream of lasting) table.add(stream);
  for (let i = 0; i < 2_000; i++) {
    const stream = new Stream();
    table.add(stream);
    assert.equal(table.of(stream.id, "DATA"), stream);
    assert.equal(table.delete(stream), true);
    assert.equal(table.of(stream.id, "DATA"), undefined);
    assert.equal(table.delete(stream), false);
  }
  assert.deepEqual([table.size, table.of(1, "DATA"), table.of(3, "DATA")], [2, ...lasting]);
  const last = new Stream();
  table.add(last);
  assert.deepEqual(table.all(), [...lasting, last]);
  for (const stream of lasting) assert.equal(table.delete(stream), true);
  assert.deepEqual([table.size, table.all()], [1, [last]]);
});

test("closed streams are garbage of the young generation, however old the table is", () => {
  const table = new StreamTable(1);
  const growth = growthOfOldGeneration(() => {
    const stream = new Stream();
    table.add(stream);
    return () => table.delete(stream);
  });
  // With a Map, it is nearly 50 MB.
  assert.ok(growth < 10 * 1024 * 1024, `the old generation has grown by ${growth} bytes`);
});
