import assert from "node:assert/strict";
import { it } from "node:test";
import { durationText } from "../../../../../runtime/explorer/page/keys/lease/duration-text.js";

for (const [seconds, text] of [
  [-1, "0 s"],
  [0, "0 s"],
  [59.6, "1 min"],
  [61, "1 min 1 s"],
  [3600, "1 h"],
  [7500, "2 h 5 min"],
  [3601, "1 h 1 s"],
  [90_061, "1 d 1 h"],
  [864_000, "10 d"],
] as const) {
  it(`${seconds} seconds are ${text}`, () => assert.equal(durationText(seconds), text));
}
