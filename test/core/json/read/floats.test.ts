import assert from "node:assert/strict";
import { test } from "node:test";
import { assertRejected, jsonOf, roundTrip, wireOf } from "../sample.js";

test("doubles and floats are written with the fewest digits that give them back", () => {
  assert.equal(roundTrip('{"float":0.1,"double":0.1}'), '{"float":0.1,"double":0.1}');
  assert.equal(roundTrip('{"float":16777216,"double":1e21}'), '{"float":16777216,"double":1e+21}');
  assert.equal(roundTrip('{"float":3.4028235e38,"double":5e-324}'), '{"float":3.4028235e+38,"double":5e-324}');
  assert.equal(roundTrip('{"float":"1.5","double":"-2.5e3"}'), '{"float":1.5,"double":-2500}');
});

test("a value that is not a number is written as a string", () => {
  for (const name of ["NaN", "Infinity", "-Infinity"]) {
    assert.equal(roundTrip(`{"float":"${name}","double":"${name}"}`), `{"float":"${name}","double":"${name}"}`);
  }
});

test("minus zero is not the default", () => {
  assert.equal(wireOf('{"float":0,"double":0.0}'), "");
  assert.equal(roundTrip('{"float":-0.0,"double":-0}'), '{"float":-0,"double":-0}');
  assert.equal(jsonOf("610000000000000000 5d00000000"), "{}");
});

test("numbers out of range or of another form are rejected", () => {
  assertRejected('{"double":1e309}', "double: out of range for a double at byte 10: got 1e309");
  assertRejected('{"float":3.5e38}', "float: out of range for a float at byte 9: got 3.5e38");
  for (const text of ['"inf"', '""', '" 1"', '"1f"', '"0x10"', "true", "[1]", '"nan"', '"+1"']) {
    assertRejected(`{"double":${text}}`, /^double: /);
  }
});
