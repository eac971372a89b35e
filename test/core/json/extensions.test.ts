import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";
import { generateCodecs } from "./generated-codecs.js";

const base = `
  syntax = "proto2";
  package base;
  enum Size { SMALL = 0; LARGE = 1; }
  message Open { optional int32 own = 5; extensions 1 to 4, 100 to max; }`;
const more = `
  syntax = "proto2";
  package more;
  import "base.proto";
  enum Size { THIN = 0; WIDE = 7; }
  extend base.Open {
    repeated Item items = 101;
    optional Size width = 1;
    repeated Size widths = 102;
    optional base.Size size = 2;
  }
  message Item { optional base.Size size = 1; optional base.Open open = 2; extend base.Open { optional int64 id = 103; } }`;

test("extensions are read and written as fields, those of files that import each other's codecs too", async () => {
  const codec = (await generateCodecs({ "base.proto": base, "more.proto": more })).codec("base.Open");
  const text =
    '{"[more.width]":"WIDE","[more.size]":"LARGE","own":3,' +
    '"[more.items]":[{"size":"LARGE","open":{"[more.Item.id]":"9007199254740993"}}],"[more.widths]":["THIN","WIDE"]}';
  assert.equal(wireToJson(codec, jsonToWire(codec, Buffer.from(text))).toString(), text);
  assert.throws(() => jsonToWire(codec, Buffer.from('{"[more.widths]":["LARGE"]}')), /widths.*unknown enum value/);
});
