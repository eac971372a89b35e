import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.js";

const base = `
  syntax = "proto2";
  package base;
  message Open { optional int32 own = 5; extensions 100 to max; }
  message Set { option message_set_wire_format = true; extensions 4 to max; }`;
const more = `
  syntax = "proto2";
  package more;
  import "base.proto";
  extend base.Open { repeated Item items = 102; }
  message Item {
    extend base.Open { optional string nested_name = 101; }
    extend base.Set { optional Item in_set = 4; }
  }`;

test("extensions are fields of the message they extend, named by their full names in brackets", async () => {
  const codec = (await compile({ "base.proto": base, "more.proto": more })).file("base.codec.ts");
  assert.match(codec, /"\[more\.Item\.nested_name\]": field\(101, "\[more\.Item\.nested_name\]", "string", \{/);
  assert.match(codec, /"\[more\.items\]": repeated\(102, "\[more\.items\]", \(\) => ItemCodec\),/);
  assert.match(codec, /tag = t\.string\(Open\["\[more\.Item\.nested_name\]"\]\);/);
});

test("what extends a message set is unknown to JSON", async () => {
  const codec = (await compile({ "base.proto": base, "more.proto": more })).file("base.codec.ts");
  assert.doesNotMatch(codec, /in_set/);
});

test("extensions that no file to generate declares are left out", async () => {
  const { model } = await compile({ "base.proto": base });
  assert.deepEqual(model.messages["base.Open"]?.extensions, []);
});

test("a field may be called __proto__", async () => {
  const proto = 'syntax = "proto3"; message M { int32 __proto__ = 1; }';
  assert.match((await compile({ "m.proto": proto })).file("m.codec.ts"), /\["__proto__"\]: field\(1, "__proto__", /);
});
