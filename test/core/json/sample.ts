import assert from "node:assert/strict";
import type { MessageCodec } from "../../../runtime/core/json/codec.js";
import { JsonError } from "../../../runtime/core/json/read/json-error.js";
import type { JsonReadOptions } from "../../../runtime/core/json/read/json-read-options.js";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { WireError } from "../../../runtime/core/json/wire/wire-error.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";
import { type GeneratedCodecs, generateCodecs } from "./generated-codecs.js";

/** A message with a field of every kind, for exact tests. */
export const generated: GeneratedCodecs = await generateCodecs({
  "sample.proto": `
    syntax = "proto3";
    package sample;
    enum Color { RED = 0; GREEN = 1; CRIMSON = 2; option allow_alias = true; SCARLET = 2; NEGATIVE = -1; }
    message Sample {
      int32 int32 = 1;
      int64 int64 = 2;
      uint32 uint32 = 3;
      uint64 uint64 = 4;
      sint32 sint32 = 5;
      sint64 sint64 = 6;
      fixed32 fixed32 = 7;
      fixed64 fixed64 = 8;
      sfixed32 sfixed32 = 9;
      sfixed64 sfixed64 = 10;
      float float = 11;
      double double = 12;
      bool bool = 13;
      string string = 14;
      bytes bytes = 15;
      Color color = 16;
      Sample sub_message = 17;
      repeated int64 int_list = 18;
      repeated string string_list = 19;
      repeated Sample sample_list = 20;
      repeated Color color_list = 21;
      oneof choice {
        string chosen_text = 22;
        Sample chosen_sample = 23;
      }
      map<string, int32> counts = 24;
      map<bool, Sample> samples = 25;
      optional int64 maybe = 26;
      int32 renamed = 27 [json_name = "other name"];
      string __proto__ = 28;
      map<sint64, Color> colors = 29;
    }`,
});

const sample: MessageCodec = generated.codec("sample.Sample");

/** Returns the wire bytes of JSON text, as hexadecimal. */
export function wireOf(json: string | Uint8Array, options?: JsonReadOptions): string {
  return jsonToWire(sample, Buffer.from(json), options).toString("hex");
}

/** Returns the JSON text of wire bytes, which are given as hexadecimal. */
export function jsonOf(hex: string): string {
  return wireToJson(sample, Buffer.from(hex.replaceAll(" ", ""), "hex")).toString();
}

/** Converts JSON text to wire bytes and back. */
export function roundTrip(json: string, options?: JsonReadOptions): string {
  return jsonOf(wireOf(json, options));
}

/** Asserts that JSON text is rejected with a message. */
export function assertRejected(json: string | Uint8Array, message: string | RegExp, options?: JsonReadOptions): void {
  assert.throws(
    () => wireOf(json, options),
    (error) => {
      assert.ok(error instanceof JsonError, String(error));
      assert.equal(error.httpStatus, 400);
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    },
    `accepted: ${json}`,
  );
}

/** Asserts that wire bytes are rejected with a message. */
export function assertWireRejected(hex: string, message: string): void {
  assert.throws(
    () => jsonOf(hex),
    (error) => {
      assert.ok(error instanceof WireError, String(error));
      assert.equal(error.message, message);
      assert.equal(error.httpStatus, 500);
      return true;
    },
    `accepted: ${hex}`,
  );
}
