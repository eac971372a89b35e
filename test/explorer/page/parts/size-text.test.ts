import assert from "node:assert/strict";
import { it } from "node:test";
import { sizeText } from "../../../../runtime/explorer/page/parts/size-text.js";

for (const [bytes, text] of [
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [9949, "9.9 kB"],
  [9960, "10 kB"],
  [23_400, "23 kB"],
  [999_499, "999 kB"],
  [999_999, "1.0 MB"],
  [2.5e6, "2.5 MB"],
  [999_600_000, "1.0 GB"],
  [8e9, "8.0 GB"],
] as const) {
  it(`${bytes} bytes are ${text}`, () => assert.equal(sizeText(bytes), text));
}
