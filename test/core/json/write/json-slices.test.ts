import assert from "node:assert/strict";
import { test } from "node:test";
import { create, createFileRegistry, fromJson, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import type { MessageCodec } from "../../../../runtime/core/json/codec.js";
import { jsonToWire } from "../../../../runtime/core/json/read/json-to-wire.js";
import { WireError } from "../../../../runtime/core/json/wire/wire-error.js";
import { jsonSlices } from "../../../../runtime/core/json/write/json-slices.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { makeRequest } from "../../../generator/plugin/compile.js";
import { arbitraryJson } from "../arbitrary-json.js";
import { etcdMessage } from "../etcd-messages.js";
import { generateCodecs } from "../generated-codecs.js";
import { chanceOf, mangleWire } from "../wire/mangle-wire.js";

const FILES = {
  "slices.proto": `
    syntax = "proto3";
    package slices;
    import "google/protobuf/struct.proto";
    import "google/protobuf/timestamp.proto";
    import "google/protobuf/wrappers.proto";
    import "two.proto";
    enum Open { NONE = 0; ONE = 1; }
    message Tree {
      repeated Tree trees = 4;
      int32 implicit = 2;
      repeated string texts = 3 [json_name = "\\"Bäume\\""];
      optional int64 explicit = 1;
      repeated bytes blobs = 5;
      Tree tree = 6;
      repeated int32 packed = 7;
      repeated Open unpacked = 8 [packed = false];
      map<string, Tree> by_name = 9;
      oneof choice { Tree left = 10; string middle = 12; Leaf right = 14; }
      repeated google.protobuf.Value values = 11;
      google.protobuf.ListValue list = 13;
      repeated google.protobuf.StringValue wrapped = 15;
      google.protobuf.Timestamp at = 16;
      two.Groups groups = 17;
      repeated Leaf leaves = 18;
    }
    message Leaf { string text = 1; bytes data = 2; }`,
  "two.proto": `
    syntax = "proto2";
    package two;
    enum Closed { FIRST = 3; SECOND = 4; }
    message Groups {
      repeated group Many = 1 { optional string text = 1; repeated group Inner = 2 { repeated string texts = 1; } }
      repeated Closed closed = 2;
      optional group One = 3 { repeated Groups inner = 1; }
    }`,
};

const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: (await makeRequest(FILES)).protoFile }));
const desc = registry.getMessage("slices.Tree");
assert.ok(desc);

/** All text, and how many slices it came in. */
function sliced(codec: MessageCodec, wire: Buffer, size: number): { text: string; slices: Buffer[] } {
  const slices = [...jsonSlices(codec, wire, {}, size)].filter((slice) => slice !== undefined);
  return { text: Buffer.concat(slices).toString(), slices };
}

/** What becomes of the wire: the text, or `undefined` if it is an error. */
function outcome(encode: () => string): string | undefined {
  try {
    return encode();
  } catch (error) {
    assert.ok(error instanceof WireError);
    return undefined;
  }
}

for (const parameter of ["", "json_names=json", "defaults=write"]) {
  test(`slices are together what the message is at once${parameter && `, with ${parameter}`}`, async () => {
    const codec = (await generateCodecs(FILES, parameter)).codec("slices.Tree");
    let most = 0;
    const property = fc.property(
      arbitraryJson(desc),
      fc.integer(),
      fc.nat(40),
      fc.boolean(),
      (json, seed, size, odd) => {
        const usual = toBinary(desc, fromJson(desc, json));
        const wire = Buffer.from(odd ? mangleWire(desc, usual, chanceOf(seed)) : usual);
        const whole = outcome(() => wireToJson(codec, wire).toString());
        const inSlices = outcome(() => {
          const { text, slices } = sliced(codec, wire, size);
          most = Math.max(most, slices.length);
          return text;
        });
        assert.equal(inSlices, whole);
      },
    );
    fc.assert(property, { numRuns: 300 });
    assert.ok(parameter === "defaults=write" ? most === 1 : most > 20, `in ${most} slices`);
  });
}

test("malformed wire is an error, wherever it is", () => {
  const { codec } = etcdMessage("etcdserverpb.TxnResponse");
  const wire = txnResponse(3, 20);
  for (let at = 0; at < wire.length; at++) {
    for (const byte of [0x00, 0x07, 0xff]) {
      const bad = Buffer.from(wire);
      bad[at] = byte;
      assert.equal(
        outcome(() => sliced(codec, bad, 50).text),
        outcome(() => wireToJson(codec, bad).toString()),
        `${byte} at ${at}`,
      );
    }
  }
});

/** A transaction's response with ranges in it, each of some keys. */
function txnResponse(ranges: number, keys: number): Buffer {
  const kvs = Array.from({ length: keys }, (_, i) => ({
    key: Buffer.from(`key${i}`).toString("base64"),
    version: "1",
  }));
  const range = { response_range: { header: { revision: "7" }, kvs, count: String(keys) } };
  const json = { header: { revision: "7" }, succeeded: true, responses: Array.from({ length: ranges }, () => range) };
  return jsonToWire(etcdMessage("etcdserverpb.TxnResponse").codec, Buffer.from(JSON.stringify(json)));
}

test("a range is cut between its keys", () => {
  const { codec } = etcdMessage("etcdserverpb.RangeResponse");
  const kvs = Array.from({ length: 100 }, (_, i) => ({ key: Buffer.from(`key ${i}`).toString("base64") }));
  const wire = jsonToWire(
    codec,
    Buffer.from(JSON.stringify({ header: { revision: "7" }, kvs, more: true, count: "100" })),
  );
  const { text, slices } = sliced(codec, wire, 110);
  assert.deepEqual(JSON.parse(text), { header: { revision: "7" }, kvs, more: true, count: "100" });
  assert.match(String(slices[0]), /^\{"header":\{"revision":"7"\},"kvs":\[\{"key":"\w+=*"\},.*\}$/);
  assert.match(String(slices[1]), /^,\{"key":"\w+=*"\},.*\}$/);
  assert.match(String(slices.at(-2)), /^,\{"key":"\w+=*"\},.*\],"more":true,"count":"100"$/);
  assert.equal(String(slices.at(-1)), "}");
  assert.equal(slices.length, Math.ceil(wire.length / 120) + 1);
});

test("a range in a transaction is cut too", () => {
  const { codec } = etcdMessage("etcdserverpb.TxnResponse");
  const wire = txnResponse(2, 100);
  const { text, slices } = sliced(codec, wire, 100);
  assert.equal(text, wireToJson(codec, wire).toString());
  assert.ok(slices.every(({ length }) => length < 400));
});

test("the text is made as it is asked for", () => {
  const { codec } = etcdMessage("etcdserverpb.RangeResponse");
  const kv = Buffer.from("12040a02666f", "hex");
  const wire = Buffer.concat([...Array.from({ length: 50 }, () => kv), Buffer.from("12020a01", "hex")]);
  const slices = jsonSlices(codec, wire, {}, 60);
  assert.equal(String(slices.next().value), `{"kvs":[${'{"key":"Zm8="},'.repeat(9)}{"key":"Zm8="}`);
  assert.equal(String(slices.next().value), ',{"key":"Zm8="}'.repeat(10));
});

test("an error in a slice tells the place in the whole", () => {
  const { codec } = etcdMessage("etcdserverpb.RangeResponse");
  const kv = Buffer.from("12040a02666f", "hex");
  const wire = Buffer.concat([...Array.from({ length: 50 }, () => kv), Buffer.from("12040a03666f", "hex")]);
  const error = (encode: () => unknown): string => {
    try {
      encode();
    } catch (thrown) {
      return String(thrown);
    }
    return "none";
  };
  assert.match(
    error(() => sliced(codec, wire, 60)),
    /RangeResponse\.kvs\[50\]\.key: .* at byte 303 of the protobuf message/,
  );
  assert.equal(
    error(() => sliced(codec, wire, 60)),
    error(() => wireToJson(codec, wire)),
  );
});

test("so many fields that to look for places to cut takes long are looked at in several goes", () => {
  const { codec } = etcdMessage("etcdserverpb.RangeResponse");
  const wire = Buffer.alloc(500_000, Buffer.from("1200", "hex"));
  const slices = jsonSlices(codec, wire);
  assert.equal(slices.next().value, undefined);
  assert.equal(slices.next().value, undefined);
  assert.equal(slices.next().value?.length, '{"kvs":['.length + (256 * 1024 * 3) / 2 - 1);
});

test("what has no place to cut is one slice", () => {
  const { codec } = etcdMessage("etcdserverpb.SnapshotResponse");
  const writer = new BinaryWriter().tag(3, WireType.LengthDelimited).bytes(Buffer.alloc(1_000_000));
  const { slices } = sliced(codec, Buffer.from(writer.finish()), 1000);
  assert.deepEqual(
    slices.map(({ length }) => length),
    ['{"blob":""'.length + 1_333_336, 1],
  );
});
