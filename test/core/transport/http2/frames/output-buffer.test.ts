import assert from "node:assert/strict";
import { test } from "node:test";
import { OutputBuffer } from "../../../../../runtime/core/transport/http2/frames/output-buffer.js";

test("small pieces become one chunk, in order", () => {
  const out = new OutputBuffer();
  out.append(Buffer.from("abc"));
  const at = out.reserve(2);
  out.bytes.write("de", at);
  out.append(Buffer.from("xfgx"), 1, 3);
  out.append(Buffer.alloc(0));
  assert.equal(out.size, 7);
  assert.deepEqual(out.take().map(String), ["abcdefg"]);
});

test("what was taken is gone, and is not written over", () => {
  const out = new OutputBuffer();
  assert.deepEqual(out.take(), []);
  out.append(Buffer.from("abc"));
  const first = out.take();
  assert.equal(out.size, 0);
  assert.deepEqual(out.take(), []);
  for (let i = 0; i < 100; i++) {
    out.append(Buffer.alloc(1000, "x"));
    out.take();
  }
  assert.deepEqual(first.map(String), ["abc"]);
});

test("large pieces are chunks of their own, not copied, in their place", () => {
  const out = new OutputBuffer();
  const large = Buffer.alloc(20_000, "L");
  out.append(Buffer.from("before"));
  out.append(large, 1000);
  out.append(Buffer.from("behind"));
  assert.equal(out.size, 19_012);
  const chunks = out.take();
  assert.deepEqual(
    chunks.map((chunk) => chunk.length),
    [6, 19_000, 6],
  );
  assert.equal(chunks[1]?.buffer, large.buffer);
  assert.equal(chunks[1]?.byteOffset, large.byteOffset + 1000);
  assert.deepEqual([String(chunks[0]), String(chunks[2])], ["before", "behind"]);
});

test("many small pieces take few chunks, and little more memory than they have bytes", () => {
  const out = new OutputBuffer();
  const pieces = Array.from({ length: 1000 }, (_, i) => Buffer.alloc(1 + ((i * 37) % 500), i));
  for (const piece of pieces) out.append(piece);
  const whole = Buffer.concat(pieces);
  assert.equal(out.size, whole.length);
  const chunks = out.take();
  assert.equal(out.size, 0);
  assert.deepEqual(Buffer.concat(chunks), whole);
  assert.ok(chunks.length <= Math.ceil(whole.length / 65_000), `${chunks.length} chunks`);
  assert.equal(new Set(chunks.map(({ buffer }) => buffer)).size, chunks.length);
});

test("room for more than a usual chunk has is in one row, too", () => {
  const out = new OutputBuffer();
  out.append(Buffer.from("a"));
  const at = out.reserve(100_000);
  out.bytes.fill("b", at, at + 100_000);
  assert.equal(Buffer.concat(out.take()).toString(), `a${"b".repeat(100_000)}`);
});
