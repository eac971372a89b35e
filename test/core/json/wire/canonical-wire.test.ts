import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuTime } from "../../cpu-time.js";
import { jsonOf } from "../sample.js";

test("fields may come in any order", () => {
  assert.equal(jsonOf("7a0161 0801 1002"), '{"int32":1,"int64":"2","bytes":"YQ=="}');
});

test("of a singular field the last value counts, a default too", () => {
  assert.equal(jsonOf("0801 0802"), '{"int32":2}');
  assert.equal(jsonOf("0801 0800"), "{}");
  assert.equal(jsonOf("d00101 d00100"), '{"maybe":"0"}');
});

test("repeated fields are joined, packed or not", () => {
  assert.equal(jsonOf("92010101 0801 900102 9201020304 900105"), '{"int32":1,"int_list":["1","2","3","4","5"]}');
  assert.equal(jsonOf("9a010161 0801 9a010162"), '{"int32":1,"string_list":["a","b"]}');
  assert.equal(jsonOf("920100"), "{}");
});

test("messages in pieces are merged", () => {
  assert.equal(jsonOf("8a01020801 8a01021002"), '{"sub_message":{"int32":1,"int64":"2"}}');
  assert.equal(jsonOf("8a01020801 8a01020803"), '{"sub_message":{"int32":3}}');
  assert.equal(jsonOf("8a01058a01020801 8a01058a01021002"), '{"sub_message":{"sub_message":{"int32":1,"int64":"2"}}}');
  assert.equal(jsonOf("8a0100 8a0100"), '{"sub_message":{}}');
  assert.equal(jsonOf("a20104 1002 0801"), '{"sample_list":[{"int32":1,"int64":"2"}]}');
});

test("of a oneof the last member counts, and its pieces merge only if no other came between", () => {
  assert.equal(jsonOf("b2010161 ba01020801"), '{"chosen_sample":{"int32":1}}');
  assert.equal(jsonOf("ba01020801 b2010161"), '{"chosen_text":"a"}');
  assert.equal(jsonOf("ba01020801 ba01021002"), '{"chosen_sample":{"int32":1,"int64":"2"}}');
  assert.equal(jsonOf("ba01020801 b2010161 ba01021002"), '{"chosen_sample":{"int64":"2"}}');
  assert.equal(jsonOf("ba01020801 1001 ba01021002"), '{"int64":"1","chosen_sample":{"int32":1,"int64":"2"}}');
});

test("of the entries of a map with one key the last counts", () => {
  assert.equal(jsonOf("c201050a01611001 c201050a01611002"), '{"counts":{"a":2}}');
  assert.equal(jsonOf("c201050a01611001 0801 c201050a01621002"), '{"int32":1,"counts":{"a":1,"b":2}}');
  // The same keys, one absent and one empty, one in more bytes than it needs.
  assert.equal(jsonOf("c201021001 c201040a001002"), '{"counts":{"":2}}');
  assert.equal(jsonOf("ea010408021001 ea01050882001002"), '{"colors":{"1":"CRIMSON"}}');
});

test("the entries of a map may lack a part, or have it in any order or twice", () => {
  assert.equal(jsonOf("c20100"), '{"counts":{"":0}}');
  assert.equal(jsonOf("c201051001 0a0161"), '{"counts":{"a":1}}');
  assert.equal(jsonOf("c20109 1001 0a0161 1805 1002"), '{"counts":{"a":2}}');
  assert.equal(jsonOf("ca0104 0801 1200"), '{"samples":{"true":{}}}');
  assert.equal(jsonOf("ca0102 0801"), '{"samples":{"true":{}}}');
  assert.equal(jsonOf("ca01 0a 0801 12020801 12021002"), '{"samples":{"true":{"int32":1,"int64":"2"}}}');
});

test("deep messages out of order take no more than twice the time", () => {
  // Every level has its fields in the wrong order, so that putting one in order at a time would take 2^90 steps.
  let wire = Buffer.from("10010801", "hex");
  for (let i = 0; i < 90; i++) {
    const length =
      wire.length < 0x80 ? Buffer.of(wire.length) : Buffer.of((wire.length & 0x7f) | 0x80, wire.length >> 7);
    wire = Buffer.concat([Buffer.of(0x8a, 1), length, wire, Buffer.from("10010801", "hex")]);
  }
  const taken = cpuTime(() => {
    assert.match(jsonOf(wire.toString("hex")), /^(\{"int32":1,"int64":"1","sub_message":){90}/);
  });
  assert.ok(taken < 5_000, `${taken} ms`);
});
