/*
 * The generated codecs of etcd's API against protobuf-es, which knows the same protos by their descriptors. protobuf-es
 * reads JSON numbers beyond 2^53 as doubles, so 64-bit integers are given as strings here.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary, fromJson, type JsonValue, toBinary, toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { JsonError } from "../../../runtime/core/json/read/json-error.js";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { WireError } from "../../../runtime/core/json/wire/wire-error.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";
import { arbitraryJson } from "./arbitrary-json.js";
import { type EtcdMessage, etcdMessages } from "./etcd-messages.js";
import { chanceOf, mangleWire, withoutWrongTypes } from "./wire/mangle-wire.js";

const RUNS = 60;
const seed = fc.integer();

function ourJson({ codec }: EtcdMessage, wire: Uint8Array): unknown {
  return JSON.parse(wireToJson(codec, wire).toString());
}

function theirJson({ desc }: EtcdMessage, wire: Uint8Array): JsonValue {
  return toJson(desc, fromBinary(desc, wire), { useProtoFieldName: true });
}

function theirWire({ desc }: EtcdMessage, json: JsonValue): Uint8Array {
  return toBinary(desc, fromJson(desc, json));
}

test("every message of etcd's API has a codec", () => {
  assert.ok(etcdMessages.length > 90, `only ${etcdMessages.length}`);
});

test("wire becomes the JSON that protobuf-es makes of it", () => {
  for (const message of etcdMessages) {
    const property = fc.property(arbitraryJson(message.desc), (json) => {
      const wire = theirWire(message, json);
      assert.deepEqual(ourJson(message, wire), theirJson(message, wire));
    });
    fc.assert(property, { numRuns: RUNS });
  }
});

test("JSON becomes wire that protobuf-es reads as the same message", () => {
  for (const message of etcdMessages) {
    const property = fc.property(arbitraryJson(message.desc), (json) => {
      const wire = jsonToWire(message.codec, Buffer.from(JSON.stringify(json)));
      assert.deepEqual(theirJson(message, wire), theirJson(message, theirWire(message, json)));
    });
    fc.assert(property, { numRuns: RUNS });
  }
});

test("legal but unusual wire becomes the JSON that protobuf-es makes of it", () => {
  for (const message of etcdMessages) {
    const property = fc.property(arbitraryJson(message.desc), seed, (json, from) => {
      const wire = mangleWire(message.desc, theirWire(message, json), chanceOf(from));
      assert.deepEqual(ourJson(message, wire), theirJson(message, withoutWrongTypes(message.desc, wire)));
    });
    fc.assert(property, { numRuns: RUNS * 2 });
  }
});

test("corrupt wire gives a WireError, or the JSON that protobuf-es makes of it", () => {
  for (const message of etcdMessages) {
    const property = fc.property(arbitraryJson(message.desc), seed, (json, from) => {
      const wire = corrupt(theirWire(message, json), from);
      let ours: unknown;
      try {
        ours = ourJson(message, wire);
      } catch (error) {
        assert.ok(error instanceof WireError, String(error));
        return;
      }
      assert.deepEqual(ours, theirJson(message, withoutWrongTypes(message.desc, wire)));
    });
    fc.assert(property, { numRuns: RUNS });
  }
});

test("corrupt JSON gives a JsonError, or wire that protobuf-es makes of it too", () => {
  for (const message of etcdMessages) {
    const property = fc.property(arbitraryJson(message.desc), seed, (json, from) => {
      const text = Buffer.from(corrupt(Buffer.from(JSON.stringify(json)), from));
      let wire: Buffer;
      try {
        wire = jsonToWire(message.codec, text);
      } catch (error) {
        assert.ok(error instanceof JsonError, String(error));
        return;
      }
      // protobuf-es wants plain digits in a string, where the JSON mapping has numbers of every form.
      if (/"-?\d+[.e][^"]*"/i.test(text.toString())) return;
      const theirs = fromJson(message.desc, JSON.parse(text.toString()), { ignoreUnknownFields: true });
      assert.deepEqual(theirJson(message, wire), toJson(message.desc, theirs, { useProtoFieldName: true }));
    });
    fc.assert(property, { numRuns: RUNS });
  }
});

/** Changes, inserts, removes or cuts off a few bytes. */
function corrupt(bytes: Uint8Array, from: number): Uint8Array {
  const chance = chanceOf(from);
  let result = Buffer.from(bytes);
  for (let times = 1 + Math.floor(chance() * 3); times > 0; times--) {
    const at = Math.floor(chance() * (result.length + 1));
    const byte = Buffer.of(Math.floor(chance() * 256));
    const kind = chance();
    if (kind < 0.3 && at < result.length) result[at] = byte.readUInt8();
    else if (kind < 0.5) result = Buffer.concat([result.subarray(0, at), byte, result.subarray(at)]);
    else if (kind < 0.7) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1)]);
    else if (kind < 0.85) result = result.subarray(0, at);
    else result = Buffer.concat([result.subarray(0, at), result.subarray(Math.floor(chance() * at))]);
  }
  return result;
}
