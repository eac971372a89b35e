import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KeyValueCodec } from "../../../generated/etcd/api/mvccpb/kv.codec.js";
import { KeyValue } from "../../../generated/messages/etcd/api/mvccpb/kv.js";
import { JsonError } from "../../../runtime/core/json/read/json-error.js";
import type { JsonReadOptions } from "../../../runtime/core/json/read/json-read-options.js";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { BytesValueCodec } from "../../../runtime/core/json/well-known/wrappers.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";

const TEXT: JsonReadOptions = { bytes: "text" };

function keyWire(key: Uint8Array): Buffer {
  return Buffer.from(KeyValue.encode(KeyValue.fromPartial({ key: Buffer.from(key) })).finish());
}

function written(key: Uint8Array): string {
  return wireToJson(KeyValueCodec, keyWire(key), "", "", { bytes: "text" }).toString();
}

function readKey(json: string, options: JsonReadOptions = TEXT): string {
  return Buffer.from(KeyValue.decode(jsonToWire(KeyValueCodec, Buffer.from(json), options)).key).toString("hex");
}

for (const [what, hex, json] of [
  ["text", "666f6f", '{"key":"foo"}'],
  ["text that looks like base64", "5a6d3976", '{"key":"Zm9v"}'],
  ["text that looks like the object", "7b22626173653634223a22227d", '{"key":"{\\"base64\\":\\"\\"}"}'],
  ["text beyond ASCII", "4772c3bcc39f6520f09f9880", '{"key":"Grüße 😀"}'],
  ["a zero, a quote, a backslash and a line break", "00225c0a", '{"key":"\\u0000\\"\\\\\\n"}'],
  ["a byte order mark", "efbbbf", '{"key":"\ufeff"}'],
  ["no UTF-8", "ff00", '{"key":{"base64":"/wA="}}'],
  ["a surrogate", "eda080", '{"key":{"base64":"7aCA"}}'],
  ["text cut off within a character", "61c3", '{"key":{"base64":"YcM="}}'],
  ["nothing", "", "{}"],
] as const) {
  test(`${what}, as text and back`, () => {
    assert.equal(written(Buffer.from(hex, "hex")), json);
    assert.equal(readKey(json), hex);
  });
}

test("an object is base64, whatever is in it", () => {
  assert.equal(readKey('{"key": { "base64" : "Zm9v" } }'), "666f6f");
  assert.equal(readKey('{"key":{"base64":""}}'), "");
  assert.equal(readKey('{"key":{"\\u0062ase64":"Zm9v"},"version":"1"}'), "666f6f");
});

for (const [json, message] of [
  ['{"key":{}}', 'key: missing base64 at byte 7: expected {"base64": "..."}'],
  ['{"key":{"text":"a"}}', 'key: unknown member of bytes at byte 8: expected "base64", got "text"'],
  ['{"key":{"base64":"Zg==","a":1}}', /^key: unexpected token at byte 24: expected no other member than "base64"/],
  ['{"key":{"base64":"Z"}}', /^key\.base64: invalid base64 at byte/],
  ['{"key":{"base64":[1]}}', /^key\.base64: unexpected token at byte 17: expected bytes as a base64 string/],
  ['{"key":1}', 'key: unexpected token at byte 7: expected bytes as a string of text or as {"base64": "..."}, got 1'],
  ['{"key":"\\ud800"}', /^key: lone surrogate/],
] as const) {
  test(`${json} is rejected`, () => {
    for (const options of [TEXT, { ...TEXT, mapping: "v1" } as const]) {
      assert.throws(
        () => readKey(json, options),
        (error) => {
          assert.ok(error instanceof JsonError);
          if (typeof message === "string") assert.equal(error.message, message);
          else assert.match(error.message, message);
          return true;
        },
      );
    }
  });
}

test("an object is not base64 unless text is asked for", () => {
  assert.throws(() => readKey('{"key":{"base64":"Zg=="}}', {}), /expected bytes as a base64 string/);
});

test("a BytesValue is text, too", () => {
  const wire = jsonToWire(BytesValueCodec, Buffer.from('"Zm9v"'), TEXT);
  assert.equal(wire.toString("hex"), "0a045a6d3976");
  assert.equal(wireToJson(BytesValueCodec, wire, "", "", { bytes: "text" }).toString(), '"Zm9v"');
  assert.equal(wireToJson(BytesValueCodec, Buffer.alloc(0), "", "", { bytes: "text" }).toString(), '""');
  const odd = jsonToWire(BytesValueCodec, Buffer.from('{"base64":"/w=="}'), TEXT);
  assert.equal(wireToJson(BytesValueCodec, odd, "", "", { bytes: "text" }).toString(), '{"base64":"/w=="}');
});

test("any bytes come back, and are those that base64 makes", () => {
  const values = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.string({ unit: "binary", maxLength: 2000 }).map((text) => new Uint8Array(Buffer.from(text))),
  );
  fc.assert(
    fc.property(values, values, (key, value) => {
      const message = KeyValue.fromPartial({ key: Buffer.from(key), value: Buffer.from(value), lease: 7n });
      const wire = Buffer.from(KeyValue.encode(message).finish());
      const text = wireToJson(KeyValueCodec, wire, "", "", { bytes: "text" });
      const base64 = wireToJson(KeyValueCodec, wire);
      assert.deepEqual(jsonToWire(KeyValueCodec, text, TEXT), jsonToWire(KeyValueCodec, base64));
      const parsed: { key?: unknown } = JSON.parse(text.toString());
      const decoded = Buffer.from(key).toString();
      const isText = Buffer.from(decoded).equals(Buffer.from(key));
      const object = { base64: Buffer.from(key).toString("base64") };
      assert.deepEqual(parsed.key ?? "", isText ? decoded : object);
    }),
    { numRuns: 500 },
  );
});
