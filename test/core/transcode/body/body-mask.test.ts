import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyMask } from "../../../../runtime/core/transcode/body/body-mask.js";
import { nodeCodec } from "../messages.js";

function mask(json: string): readonly string[] {
  return bodyMask(nodeCodec, Buffer.from(json));
}

test("a message stands for the fields in it, by their proto names", () => {
  assert.deepEqual(mask('{"nodeName":"a","sizes":[1]}'), ["node_name", "sizes"]);
  assert.deepEqual(mask('{"Inner":{"Inner":{"node_name":""},"group":{"sizes":[]}}}'), [
    "inNer.inNer.node_name",
    "inNer.group.sizes",
  ]);
  assert.deepEqual(mask('{"inNer":null,"nodeName":null}'), ["inNer", "node_name"]);
  assert.deepEqual(mask('{"inNer":{}}'), ["inNer"]);
});

test("lists and maps stand for themselves", () => {
  assert.deepEqual(mask('{"nodes":[{"nodeName":"a"}],"byName":{"x":{"nodeName":"a"}}}'), ["nodes", "by_name"]);
});

test("a Struct stands for its members, as far as they have names", () => {
  assert.deepEqual(mask('{"free":{"a":{"b":1,"c":[{"d":1}]},"e":null,"f":{}}}'), [
    "free.a.b",
    "free.a.c",
    "free.e",
    "free.f",
  ]);
  assert.deepEqual(mask('{"free":{"a":{"b.c":1},"d":1}}'), ["free.a", "free.d"]);
  assert.deepEqual(mask('{"free":{"a":1,"":1}}'), ["free"]);
  assert.deepEqual(mask('{"free":{}}'), ["free"]);
});

test("what sets no field has no paths", () => {
  for (const json of ["{}", "null", '{"unknown":{"nodeName":"a"}}']) assert.deepEqual(mask(json), []);
  assert.deepEqual(mask('{"inNer":{"unknown":1}}'), []);
});

test("the paths of a small body cannot be large", () => {
  const deep = `${'{"a":'.repeat(90)}{${Array.from({ length: 20_000 }, (_, i) => `"${i}":1`).join()}}${"}".repeat(90)}`;
  assert.throws(() => mask(`{"free":${deep}}`), /sets too many fields/);
});
