import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { MessageCodec } from "../../../../runtime/core/json/codec.js";
import { jsonToWire } from "../../../../runtime/core/json/read/json-to-wire.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { generateCodecs } from "../generated-codecs.js";

const PROTO = `syntax = "proto3"; package p;
import "google/protobuf/timestamp.proto";
message Inner { bool on = 1; }
enum Color { RED = 0; BLUE = 1; }
message M {
  int32 i = 1; uint64 u = 2; sint64 s = 3; double d = 4; float f = 5; bool b = 6; string t = 7; bytes y = 8; Color c = 9;
  repeated int32 numbers = 10; repeated Inner inners = 11; map<string, Inner> by_name = 12; repeated Color colors = 17;
  optional int32 maybe = 13; Inner inner = 14; google.protobuf.Timestamp at = 15;
  oneof choice { string left = 16; Inner right = 18; }
  fixed64 last_one = 19;
}`;

/** Every field without presence. */
const DEFAULTS = {
  i: 0,
  u: "0",
  s: "0",
  d: 0,
  f: 0,
  b: false,
  t: "",
  y: "",
  c: "RED",
  numbers: [],
  inners: [],
  by_name: {},
  colors: [],
  last_one: "0",
};

describe("messages that are written with their defaults", () => {
  let codec: MessageCodec;
  before(async () => {
    codec = (await generateCodecs({ "m.proto": PROTO }, "defaults=write")).codec("p.M");
  });

  function written(wire: Uint8Array): unknown {
    return JSON.parse(wireToJson(codec, wire).toString());
  }

  it("have every field without presence, in the order of the numbers", () => {
    assert.deepEqual(written(Buffer.alloc(0)), DEFAULTS);
    assert.deepEqual(Object.keys(Object(written(Buffer.alloc(0)))), Object.keys(DEFAULTS));
  });

  it("have fields with presence only if they are there", () => {
    const message = { maybe: 0, inner: { on: false }, at: "1970-01-01T00:00:00Z", left: "" };
    assert.deepEqual(written(jsonToWire(codec, Buffer.from(JSON.stringify(message)))), { ...DEFAULTS, ...message });
  });

  it("have values where there are some, and defaults in the messages in them", () => {
    const message = {
      ...DEFAULTS,
      i: -1,
      u: "18446744073709551615",
      t: "x",
      c: "BLUE",
      numbers: [0, 1],
      colors: ["RED"],
    };
    const inners = { inners: [{ on: true }, {}], by_name: { a: {} }, right: {} };
    assert.deepEqual(written(jsonToWire(codec, Buffer.from(JSON.stringify({ ...message, ...inners })))), {
      ...message,
      inners: [{ on: true }, { on: false }],
      by_name: { a: { on: false } },
      right: { on: false },
    });
  });

  it("are the same if the wire has the defaults, or another order, or fields that are unknown", () => {
    assert.deepEqual(written(Buffer.from("0800", "hex")), DEFAULTS);
    assert.deepEqual(written(Buffer.from("3a00", "hex")), DEFAULTS);
    assert.deepEqual(written(Buffer.from("5200", "hex")), DEFAULTS);
    assert.deepEqual(written(Buffer.from("30010801", "hex")), { ...DEFAULTS, b: true, i: 1 });
    assert.deepEqual(written(Buffer.from("0801a00601", "hex")), { ...DEFAULTS, i: 1 });
    assert.deepEqual(written(Buffer.from("a006010801", "hex")), { ...DEFAULTS, i: 1 });
  });
});
