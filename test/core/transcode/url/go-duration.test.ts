import assert from "node:assert/strict";
import { test } from "node:test";
import { durationText } from "../../../../runtime/core/transcode/url/go-duration.js";
import { cpuTime } from "../../cpu-time.js";

test("Go's durations become seconds", () => {
  const cases: Readonly<Record<string, string>> = {
    "13h0m0s": "46800.000000000s",
    "1h30m": "5400.000000000s",
    "-1.5h": "-5400.000000000s",
    "+2m": "120.000000000s",
    "250ms": "0.250000000s",
    "1us": "0.000001000s",
    "1µs": "0.000001000s",
    "1μs": "0.000001000s",
    "7ns": "0.000000007s",
    "0.1ns": "0.000000000s",
    "1m0.000000001s": "60.000000001s",
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(durationText(text), expected, text);
});

test("JSON's durations, and what is none, stay as they are", () => {
  for (const text of ["1s", "-1.5s", "3.000000001s", "", "1", "s", "1y", "1h ", "h1", ".5s", "1.h", "--1s", "null"]) {
    assert.equal(durationText(text), text);
  }
});

test("a long text takes no time", () => {
  for (const text of ["1h".repeat(300_000), `${"1".repeat(600_000)}x`, `${"1h".repeat(300_000)}x`]) {
    const taken = cpuTime(() => void durationText(text));
    assert.ok(taken < 5_000, `${text.slice(0, 3)}: ${taken} ms`);
  }
});
