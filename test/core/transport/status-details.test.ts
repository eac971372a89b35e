import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readStatusDetails } from "../../../runtime/core/transport/status-details.js";

function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const details = fc.array(
  fc.record({ typeUrl: fc.string({ unit: "grapheme" }), value: fc.uint8Array({ maxLength: 300 }) }),
);
/** Fields that are not details: the code, the message, and unknown ones of every wire type. */
const others = fc.array(
  fc.oneof(
    fc.nat().map((code) => Buffer.concat([varint(8), varint(code)])),
    fc.string().map((message) => field(2, Buffer.from(message))),
    fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.concat([varint(9 * 8 + 1), bytes])),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.concat([varint(9 * 8 + 5), bytes])),
    fc.uint8Array().map((bytes) => field(1_000, bytes)),
  ),
);

test("details are read from among other fields, in order", () => {
  fc.assert(
    fc.property(details, others, others, (list, before, after) => {
      const anys = list.map(({ typeUrl, value }) =>
        field(3, Buffer.concat([field(1, Buffer.from(typeUrl)), field(2, value), field(7, Buffer.from("x"))])),
      );
      const read = readStatusDetails(Buffer.concat([...before, ...anys, ...after]));
      assert.deepEqual(
        read.map(({ typeUrl, value }) => [typeUrl, Buffer.from(value)]),
        list.map(({ typeUrl, value }) => [typeUrl, Buffer.from(value)]),
      );
    }),
  );
});

test("whatever the bytes, there is a response", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readStatusDetails(bytes)),
    { numRuns: 5_000 },
  );
});

test("what is truncated gives no details", () => {
  const whole = field(3, Buffer.concat([field(1, Buffer.from("type/x")), field(2, Buffer.from("value"))]));
  for (let length = 1; length < whole.length; length++) {
    assert.deepEqual(readStatusDetails(whole.subarray(0, length)), [], `${length} bytes`);
  }
  assert.equal(readStatusDetails(whole).length, 1);
});
