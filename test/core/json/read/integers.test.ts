import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuTime } from "../../cpu-time.js";
import { assertRejected, roundTrip } from "../sample.js";

test("integers are read from numbers and strings of every form that has no fraction", () => {
  for (const text of [
    "15",
    '"15"',
    "15.0",
    "1.5e1",
    '"1.50e1"',
    "150e-1",
    "0.15E+2",
    '"\\u0031\\u0035"',
    "1500000e-5",
  ]) {
    assert.equal(roundTrip(`{"int64":${text}}`), '{"int64":"15"}', text);
    assert.equal(roundTrip(`{"uint32":${text}}`), '{"uint32":15}', text);
  }
});

test("zeros of every form are the default, which is left out", () => {
  for (const text of ["0", "-0", "0.0", "0e5", '"-0"', "0e1000000000", "0.000e-99999999999"]) {
    assert.equal(roundTrip(`{"int64":${text},"uint32":${text}}`), "{}", text);
  }
});

test("the ends of every range are exact, and one beyond is rejected", () => {
  const ranges: readonly (readonly [string, bigint, bigint])[] = [
    ["int32", -(2n ** 31n), 2n ** 31n - 1n],
    ["sint32", -(2n ** 31n), 2n ** 31n - 1n],
    ["sfixed32", -(2n ** 31n), 2n ** 31n - 1n],
    ["uint32", 0n, 2n ** 32n - 1n],
    ["fixed32", 0n, 2n ** 32n - 1n],
    ["int64", -(2n ** 63n), 2n ** 63n - 1n],
    ["sint64", -(2n ** 63n), 2n ** 63n - 1n],
    ["sfixed64", -(2n ** 63n), 2n ** 63n - 1n],
    ["uint64", 0n, 2n ** 64n - 1n],
    ["fixed64", 0n, 2n ** 64n - 1n],
  ];
  for (const [type, least, most] of ranges) {
    for (const value of [least, most]) {
      const shown = value === 0n ? "{}" : `{"${type}":${type.endsWith("64") ? `"${value}"` : value}}`;
      assert.equal(roundTrip(`{"${type}":${value}}`), shown);
      assert.equal(roundTrip(`{"${type}":"${value}"}`), shown);
    }
    assertRejected(
      `{"${type}":${most + 1n}}`,
      new RegExp(
        `^${type}: out of range for an? ${type} at byte \\d+: expected ${least} to ${most}, got ${most + 1n}$`,
      ),
    );
    assertRejected(`{"${type}":"${least - 1n}"}`, /out of range/);
  }
});

test("a value that is not an integer is rejected", () => {
  assertRejected('{"int64":1.5}', "int64: not an integer at byte 9: expected an int64, got 1.5");
  assertRejected('{"int32":"12a"}', 'int32: invalid number at byte 9: expected an int32, got "12a"');
  assertRejected('{"int32":true}', "int32: unexpected token at byte 9: expected an int32, got true");
  assertRejected('{"int32":1e-1}', /not an integer/);
  for (const text of [
    '""',
    '" 1"',
    '"1 "',
    '"+1"',
    '"01"',
    '"0x1"',
    '"1_000"',
    '"."',
    '"1."',
    '".5"',
    '"-"',
    '"١"',
    "[]",
    "{}",
    '"NaN"',
  ]) {
    assertRejected(`{"int32":${text}}`, /^int32: .* at byte 9/);
  }
  for (const text of [
    "01",
    "+1",
    "0x1",
    "1.",
    ".5",
    "-",
    "1e",
    "1e+",
    "NaN",
    "Infinity",
    "-Infinity",
    "1_000",
    "--1",
  ]) {
    assertRejected(`{"int32":${text}}`, /at byte \d+/);
  }
});

test("a number of many digits or with a huge exponent takes no time", () => {
  const taken = cpuTime(() => {
    assertRejected('{"int64":1e1000000000}', /out of range/);
    assertRejected(`{"int64":1e${"9".repeat(100_000)}}`, /out of range/);
    assertRejected('{"int64":1e-1000000000}', /not an integer/);
    assertRejected(`{"int64":${"9".repeat(1_000_000)}}`, /out of range/);
    assert.equal(roundTrip(`{"int64":1.${"0".repeat(1_000_000)}}`), '{"int64":"1"}');
    assert.equal(roundTrip(`{"int64":1${"0".repeat(1_000_000)}e-1000000}`), '{"int64":"1"}');
  });
  assert.ok(taken < 5_000, `${taken} ms`);
});
