import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JsonSequence } from "../../../runtime/core/session/json-sequence.js";

/** Returns the values that a chunk completes. */
function* taken(sequence: JsonSequence, chunk: string | Buffer): Generator<string> {
  sequence.push(Buffer.from(chunk));
  for (let value = sequence.next(); value !== undefined; value = sequence.next()) yield value.toString();
}

/** Splits a text that arrives in chunks. */
function split(chunks: readonly (string | Buffer)[], limit = 1 << 20): string[] {
  const sequence = new JsonSequence(limit);
  const values = chunks.flatMap((chunk) => [...taken(sequence, chunk)]);
  const last = sequence.end();
  return last === undefined ? values : [...values, last.toString()];
}

/** Cuts bytes at places given as fractions. */
function cut(bytes: Buffer, fractions: readonly number[]): Buffer[] {
  const places = [0, ...fractions.map((at) => Math.floor(at * bytes.length)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

test("white space between values is optional", () => {
  assert.deepEqual(split(['{"a":1}{"b":2}\r\n\t [3] {}\n']), ['{"a":1}', '{"b":2}', "[3]", "{}"]);
  assert.deepEqual(split(['1 "x"true{}-2.5e3[]"a""b"null']), [
    "1",
    '"x"',
    "true",
    "{}",
    "-2.5e3",
    "[]",
    '"a"',
    '"b"',
    "null",
  ]);
  assert.deepEqual(split([" \n\t\r "]), []);
  assert.deepEqual(split([]), []);
});

test("brackets and quotes in strings are text", () => {
  const values = ['{"}{":"]["}', '{"\\"}":"\\\\"}', '["\\\\\\"]"]', '{"a":{"b":["{"]}}'];
  assert.deepEqual(split([values.join("")]), values);
});

test("what is malformed is handed over for the parser to reject", () => {
  assert.deepEqual(split(["}{}"]), ["}", "{}"]);
  assert.deepEqual(split(['{"a":1']), ['{"a":1']);
  assert.deepEqual(split(['{"a']), ['{"a']);
  assert.deepEqual(split(["{},{}"]), ["{}", ",", "{}"]);
  assert.deepEqual(split(["\ufeff{}"]), ["\ufeff", "{}"]);
  assert.deepEqual(split(["[}"]), ["[}"]);
});

test("a value is handed over as soon as it is complete", () => {
  const sequence = new JsonSequence(100);
  assert.deepEqual([...taken(sequence, '{"a":1}{"b"')], ['{"a":1}']);
  assert.deepEqual([...taken(sequence, ":2}")], ['{"b":2}']);
});

test("any values come back, wherever the chunks are cut", () => {
  const value = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.object({ maxDepth: 3, withNullPrototype: true }).map((object) => JSON.stringify(object, null, 1)),
    fc.string({ unit: "binary" }).map((text) => JSON.stringify({ text })),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, fc.constantFrom(" ", "\n", "\r\n", "\t ")), { maxLength: 8 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
      (values, fractions) => {
        const bytes = Buffer.from(values.map((pair) => pair.join("")).join(""));
        assert.deepEqual(
          split(cut(bytes, fractions)),
          values.map(([text]) => text),
        );
      },
    ),
  );
});

test("where the chunks are cut never matters, for garbage neither", () => {
  const garbage = fc.string({ unit: fc.constantFrom(...'{}[]"\\ \n,:a1é'.split("")), maxLength: 60 });
  fc.assert(
    fc.property(garbage, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (text, fractions) => {
      const whole = split([text]);
      assert.deepEqual(split(cut(Buffer.from(text), fractions)), whole);
      assert.equal(whole.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
    }),
  );
});

test("a value over the limit is rejected, as soon as it is known; values before it are handed over", () => {
  assert.deepEqual(split(['{"a":1}', '{"bc":23}{}'], 9), ['{"a":1}', '{"bc":23}', "{}"]);
  const values = taken(new JsonSequence(8), '{}{"a":"12345');
  assert.equal(values.next().value, "{}");
  assert.throws(() => values.next(), { code: 8, httpStatus: 413 });
});

test("a value in single bytes takes linear time and little memory", () => {
  const size = 1 << 20;
  const text = Buffer.from(`["${"x".repeat(size)}"]`);
  const sequence = new JsonSequence(2 * size);
  let value: Buffer | undefined;
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < text.length; i++) {
    sequence.push(text.subarray(i, i + 1));
    value = sequence.next();
  }
  assert.ok(value?.equals(text));
  assert.ok(process.memoryUsage().heapUsed - before < 64 * size);
});
