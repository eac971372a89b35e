import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { AnyCodec } from "../../../runtime/core/json/well-known/any.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";

/** The wire bytes of an `Any`. */
function any(url: string, value: string): Buffer {
  const [type, bytes] = [Buffer.from(url), Buffer.from(value)];
  return Buffer.concat([Buffer.of(10, type.length), type, Buffer.of(18, bytes.length), bytes]);
}

/** The JSON of an `Any`, and the types that were unknown in it. */
function written(wire: Buffer, bytes: "base64" | "text" = "base64"): readonly [string, readonly string[]] {
  const unknown: string[] = [];
  const text = wireToJson(AnyCodec, wire, "", "", { bytes, onUnknownType: (url) => unknown.push(url) });
  return [text.toString(), unknown];
}

test("a message of an unknown type is its bytes, under a name that no known type has", () => {
  assert.deepEqual(written(any("x.io/acme.Lost", "hi")), [
    '{"@type":"x.io/acme.Lost","@value":"aGk="}',
    ["x.io/acme.Lost"],
  ]);
  assert.deepEqual(written(any("x.io/acme.Lost", "")), ['{"@type":"x.io/acme.Lost","@value":""}', ["x.io/acme.Lost"]]);
  assert.deepEqual(written(Buffer.of(10, 1, 0x41)), ['{"@type":"A","@value":""}', ["A"]]);
  assert.deepEqual(written(any("", "hi")), ['{"@type":"","@value":"aGk="}', [""]]);
});

test("its bytes are base64 where others are text, too", () => {
  assert.deepEqual(written(any("A", "hi"), "text"), ['{"@type":"A","@value":"aGk="}', ["A"]]);
});

test("what follows it is written as ever", () => {
  const inner = any("A", "hi");
  const status = Buffer.concat([Buffer.of(8, 5), Buffer.of(26, inner.length), inner, Buffer.of(26, 0)]);
  const outer = any("x.io/google.rpc.Status", status.toString("latin1"));
  assert.deepEqual(written(outer), [
    '{"@type":"x.io/google.rpc.Status","code":5,"details":[{"@type":"A","@value":"aGk="},{}]}',
    ["A"],
  ]);
});

test("a known type says nothing of unknown ones", () => {
  const wire = any("x.io/google.protobuf.BytesValue", "\n\u0002hi");
  assert.deepEqual(written(wire), ['{"@type":"x.io/google.protobuf.BytesValue","value":"aGk="}', []]);
});

test("an unknown type is not read", () => {
  for (const text of ['{"@type":"x.io/acme.Lost"}', '{"@type":"x.io/acme.Lost","@value":"aGk="}']) {
    assert.throws(() => jsonToWire(AnyCodec, Buffer.from(text)), {
      message: 'unknown type at byte 0: no message type is known as "x.io/acme.Lost"',
      httpStatus: 400,
    });
  }
});
