import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { FieldMaskCodec } from "../../../runtime/core/json/well-known/field-mask.js";

const PATHS_TAG = 10;

/** The wire of paths of up to 127 bytes. */
function wireOf(...paths: readonly string[]): Buffer {
  return Buffer.concat(
    paths.map((path) => Buffer.concat([Buffer.of(PATHS_TAG, Buffer.byteLength(path)), Buffer.from(path)])),
  );
}

const MASKS: Readonly<Record<string, readonly string[]>> = {
  "": [],
  ",": ["", ""],
  "a,": ["a", ""],
  "fooBar,b.cD": ["foo_bar", "b.c_d"],
  "ABZ[,\u{e9}\u{1f600}": ["_a_b_z[", "\u{e9}\u{1f600}"],
};
for (const [mask, paths] of Object.entries(MASKS)) {
  test(`the mask "${mask}" has the paths of protojson`, () => {
    assert.deepEqual(jsonToWire(FieldMaskCodec, Buffer.from(JSON.stringify(mask))), wireOf(...paths));
  });
}

test("a long path has its length in several bytes", () => {
  const wire = jsonToWire(FieldMaskCodec, Buffer.from(`"${"A".repeat(100)},b"`));
  assert.deepEqual(wire, Buffer.concat([Buffer.of(PATHS_TAG, 200, 1), Buffer.from("_a".repeat(100)), wireOf("b")]));
});

test("a mask of millions of paths takes little time", () => {
  const text = Buffer.from(`"${",".repeat(3_000_000)}"`);
  const before = process.cpuUsage();
  assert.equal(jsonToWire(FieldMaskCodec, text).length, 2 * 3_000_001);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 1_500_000, `${user + system} microseconds`);
});
