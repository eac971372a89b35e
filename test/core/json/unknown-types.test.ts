import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { AnyCodec } from "../../../runtime/core/json/well-known/any.js";
import { WireError } from "../../../runtime/core/json/wire/wire-error.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";

/** The wire bytes of an `Any`. */
function any(url: string, value: string | Buffer): Buffer {
  const [type, bytes] = [Buffer.from(url), typeof value === "string" ? Buffer.from(value) : value];
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
      message: 'unknown message type at byte 0: got "x.io/acme.Lost"',
      httpStatus: 400,
    });
  }
});

/** The JSON of an `Any`, and the types of which messages are not. */
function writtenMalformed(wire: Buffer): readonly [string, readonly string[]] {
  const malformed: string[] = [];
  const options = { onMalformedMessage: (url: string) => malformed.push(url) };
  return [wireToJson(AnyCodec, wire, "", "", options).toString(), malformed];
}

describe("a message that is not of its known type is its bytes", () => {
  const cases: readonly (readonly [what: string, type: string, value: readonly number[]])[] = [
    ["cut off", "google.protobuf.StringValue", [10, 5, 0x61]],
    ["a string that is no UTF-8", "google.protobuf.StringValue", [10, 1, 0xff]],
    ["a wrong tag", "google.protobuf.StringValue", [7]],
    ["deep inside", "google.rpc.Status", [8, 5, 18, 1, 0x61, 26, 3, 10, 9, 0x41]],
    ["fields that are out of order, too", "google.rpc.Status", [18, 1, 0x61, 8, 5, 26, 3, 10, 9, 0x41]],
    ["a later field that is cut off", "google.rpc.Status", [18, 1, 0x61, 8]],
  ];
  for (const [what, type, value] of cases) {
    it(what, () => {
      const buffer = Buffer.from(value);
      const wire = any(`x.io/${type}`, buffer);
      const expected = { "@type": `x.io/${type}`, "@value": buffer.toString("base64") };
      const [text, malformed] = writtenMalformed(wire);
      assert.deepEqual([JSON.parse(text), malformed.at(-1)], [expected, `x.io/${type}`]);

      // Nor does it harm what is around it, whatever the order.
      const status = (first: Buffer, ...others: readonly Buffer[]): Buffer => {
        return any("x.io/google.rpc.Status", Buffer.concat([first, Buffer.of(26, wire.length), wire, ...others]));
      };
      const whole = { "@type": "x.io/google.rpc.Status", code: 5, message: "m", details: [expected] };
      const [code, message] = [Buffer.of(8, 5), Buffer.of(18, 1, 0x6d)];
      for (const nested of [status(Buffer.concat([code, message])), status(message, code)]) {
        assert.deepEqual(JSON.parse(writtenMalformed(nested)[0]), whole);
      }
    });
  }

  it("but not if JSON alone cannot express it", () => {
    const wire = any("x.io/google.protobuf.Duration", Buffer.of(8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f));
    assert.throws(() => writtenMalformed(wire), WireError);
  });
});

test("bytes in place of a known type are rejected, for it would be read without them", () => {
  for (const [text, type] of [
    ['{"@type":"x.io/google.rpc.Status","code":5,"@value":"aGk="}', "google.rpc.Status"],
    ['{"@type":"x.io/google.protobuf.StringValue","@value":"aGk=","value":"x"}', "google.protobuf.StringValue"],
  ]) {
    assert.throws(() => jsonToWire(AnyCodec, Buffer.from(text ?? "")), {
      message: new RegExp(`^unexpected @value at byte \\d+: expected the JSON of a ${type} instead of @value$`),
      httpStatus: 400,
    });
  }
});
