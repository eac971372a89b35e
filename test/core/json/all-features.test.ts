/*
 * Codecs of messages with every feature of protobuf against protobuf-es: proto2, proto3 and editions, explicit presence,
 * groups, closed enums, maps, oneofs whose members are scattered, all well-known types.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, createFileRegistry, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { WireError } from "../../../runtime/core/json/wire/wire-error.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";
import { makeRequest } from "../../generator/plugin/compile.js";
import { arbitraryJson } from "./arbitrary-json.js";
import { generateCodecs } from "./generated-codecs.js";
import { chanceOf, mangleWire, withoutWrongTypes } from "./wire/mangle-wire.js";

const SCALARS = [
  "double",
  "float",
  "int32",
  "int64",
  "uint32",
  "uint64",
  "sint32",
  "sint64",
  "fixed32",
  "fixed64",
  "sfixed32",
  "sfixed64",
  "bool",
  "string",
  "bytes",
];
const KEYS = SCALARS.filter((type) => !["double", "float", "bytes"].includes(type));

const FILES = {
  "three.proto": `
    syntax = "proto3";
    package three;
    enum Open { NONE = 0; ONE = 1; MINUS = -5; }
    message Scalars {
      ${SCALARS.map((type, i) => `${type} ${type}_implicit = ${i + 1};`).join("\n")}
      ${SCALARS.map((type, i) => `optional ${type} ${type}_explicit = ${i + 101};`).join("\n")}
      ${SCALARS.map((type, i) => `repeated ${type} ${type}_list = ${i + 201};`).join("\n")}
      Open open_implicit = 301;
      optional Open open_explicit = 302;
      repeated Open open_list = 303;
    }
    message Scattered {
      oneof first { int32 a = 1; string c = 3; Scattered e = 5; }
      oneof second { Open b = 2; bytes d = 4; Scattered f = 6; }
      repeated int32 expanded = 7 [packed = false];
    }
    message Maps {
      ${KEYS.map((type, i) => `map<${type}, int32> by_${type} = ${i + 1};`).join("\n")}
      ${SCALARS.map((type, i) => `map<string, ${type}> to_${type} = ${i + 101};`).join("\n")}
      map<string, Open> to_open = 201;
      map<int32, Maps> to_maps = 202;
    }`,
  "two.proto": `
    syntax = "proto2";
    package two;
    enum Closed { FIRST = 3; SECOND = 4; }
    message Two {
      optional Closed closed = 1;
      repeated Closed closed_list = 2;
      repeated Closed closed_packed = 3 [packed = true];
      optional group Inner = 4 { optional int32 a = 1; optional Two two = 2; }
      repeated group Many = 5 { optional string b = 1; repeated int64 c = 2; }
      oneof choice { Closed chosen = 6; int32 other = 7; group Picked = 8 { optional bool d = 1; } }
      optional int32 with_default = 9 [default = 5];
      repeated fixed32 numbers = 10;
    }`,
  "known.proto": `
    syntax = "proto3";
    package known;
    ${["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"].map((name) => `import "google/protobuf/${name}.proto";`).join("\n")}
    message Known {
      ${[
        "Any",
        "Duration",
        "Empty",
        "FieldMask",
        "Struct",
        "Value",
        "ListValue",
        "Timestamp",
        "DoubleValue",
        "Int64Value",
        "UInt32Value",
        "BoolValue",
        "StringValue",
        "BytesValue",
      ]
        .map(
          (type, i) =>
            `google.protobuf.${type} ${type.toLowerCase()} = ${i + 1}; repeated google.protobuf.${type} ${type.toLowerCase()}_list = ${i + 101}; map<string, google.protobuf.${type}> ${type.toLowerCase()}_map = ${i + 201};`,
        )
        .join("\n")}
      oneof choice { google.protobuf.Value chosen = 301; google.protobuf.NullValue null = 302; google.protobuf.Timestamp at = 303; }
    }`,
  "edition.proto": `
    edition = "2023";
    package edition;
    option features.message_encoding = DELIMITED;
    enum Strict { option features.enum_type = CLOSED; A = 0; B = 1; }
    message Edition {
      int32 explicit = 1;
      int32 implicit = 2 [features.field_presence = IMPLICIT];
      Edition group_like = 3;
      repeated Edition groups = 4;
      Strict strict = 5;
      repeated int32 expanded = 6 [features.repeated_field_encoding = EXPANDED];
      map<string, Edition> by_name = 7;
      oneof choice { Edition chosen = 8; string text = 9; }
    }`,
};

const { codec, types } = await generateCodecs(FILES);
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: (await makeRequest(FILES)).protoFile }));
const MESSAGES = ["three.Scalars", "three.Scattered", "three.Maps", "two.Two", "known.Known", "edition.Edition"];

for (const name of MESSAGES) {
  const ours = codec(name);
  const desc = registry.getMessage(name);
  assert.ok(desc);
  const ourJson = (wire: Uint8Array): string => wireToJson(ours, wire, "", "", { types }).toString();
  const wireOf = (json: Parameters<typeof fromJson>[1]): Uint8Array =>
    toBinary(desc, fromJson(desc, json, { registry }));
  const meaning = (wire: Uint8Array): unknown => toJson(desc, fromBinary(desc, wire), { registry });
  // protobuf-es writes floats with more digits, so JSON is compared by what it means.
  const meaningOf = (text: string): unknown => meaning(wireOf(JSON.parse(text)));

  test(`${name}: wire becomes JSON of the same meaning`, () => {
    fc.assert(
      fc.property(arbitraryJson(desc), (json) => {
        const wire = wireOf(json);
        assert.deepEqual(meaningOf(ourJson(wire)), meaning(wire));
      }),
      { numRuns: 150 },
    );
  });

  test(`${name}: JSON becomes wire of the same meaning`, () => {
    fc.assert(
      fc.property(arbitraryJson(desc), (json) => {
        const wire = jsonToWire(ours, Buffer.from(JSON.stringify(json)), { types });
        assert.deepEqual(meaning(wire), meaning(wireOf(json)));
      }),
      { numRuns: 150 },
    );
  });

  test(`${name}: unusual wire becomes JSON of the same meaning`, () => {
    let compared = 0;
    fc.assert(
      fc.property(arbitraryJson(desc), fc.integer(), (json, seed) => {
        const wire = mangleWire(desc, wireOf(json), chanceOf(seed));
        let text: string;
        try {
          text = ourJson(wire);
        } catch (error) {
          // protobuf-es makes null of it; by the specification it is an error.
          assert.ok(error instanceof WireError);
          assert.match(error.problem, /^google.protobuf.Value without a value/);
          return;
        }
        // It makes {} of a message without a type.
        if (text.includes('"@type":"","@value":')) return;
        assert.deepEqual(meaningOf(text), meaning(withoutWrongTypes(desc, wire)));
        compared += 1;
      }),
      { numRuns: 400 },
    );
    // Of known.Known, a quarter: most mangled messages have a Value without a value, or an Any without a type.
    assert.ok(compared > 40, `only ${compared} of 400 messages were compared`);
  });
}
