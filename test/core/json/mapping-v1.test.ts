import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  AlarmRequestCodec,
  MemberRemoveRequestCodec,
  PutRequest,
  PutRequestCodec,
  RangeRequest,
  RangeRequestCodec,
  TxnRequest,
  TxnRequestCodec,
} from "../../../generated/index.js";
import type { MessageCodec } from "../../../runtime/core/json/codec.js";
import { JsonError } from "../../../runtime/core/json/read/json-error.js";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { cpuTime } from "../cpu-time.js";

function read(codec: MessageCodec, text: string): Buffer {
  return jsonToWire(codec, Buffer.from(text), { mapping: "v1" });
}

function range(text: string): RangeRequest {
  return RangeRequest.decode(read(RangeRequestCodec, text));
}

test("of a field that is there more than once the last value counts, that under the JSON name first", () => {
  assert.equal(range('{"limit":1,"limit":2}').limit, 2n);
  assert.equal(range('{"limit":1,"limit":0,"key":"YQ=="}').limit, 0n);
  assert.equal(range('{"limit":1,"limit":null}').limit, 0n);
  assert.equal(range('{"limit":null,"limit":7}').limit, 7n);
  for (const text of ['{"range_end":"YQ==","rangeEnd":"Yg=="}', '{"rangeEnd":"Yg==","range_end":"YQ=="}']) {
    assert.equal(String(range(text).range_end), "b");
  }
  const long = Buffer.alloc(300, "x").toString("base64");
  const { key, value } = PutRequest.decode(
    read(PutRequestCodec, `{"value":"Yg==","key":"${long}","value":"${long}","key":"YQ==","value":"Yw=="}`),
  );
  assert.deepEqual([String(key), String(value)], ["a", "c"]);
});

test("of a value that does not count only the syntax is looked at", () => {
  assert.equal(range('{"limit":"x","limit":[1,{}],"limit":3,"key":5,"key":"YQ=="}').limit, 3n);
  assert.equal(range('{"rangeEnd":"YQ==","range_end":{}}').range_end.length, 1);
  assert.equal(range('{"sort_order":"BOGUS","sort_order":"ASCEND"}').sort_order, 1);
  for (const text of [
    '{"limit":1,"limit":"x"}',
    '{"limit":[1,}],"limit":3}',
    '{"limit":"\\x","limit":3}',
    '{"limit":"x"}',
  ]) {
    assert.throws(() => range(text), JsonError, text);
  }
});

test("a message that is there twice is not merged, and a list not joined", () => {
  const put = '{"request_put":{"key":"YQ==","lease":5,"lease":6}}';
  const { success, failure } = TxnRequest.decode(
    read(TxnRequestCodec, `{"success":[${put},${put}],"failure":[${put}],"success":[{"requestRange":{}}]}`),
  );
  assert.deepEqual(
    success.map(({ request }) => request?.$case),
    ["request_range"],
  );
  const request = failure[0]?.request;
  assert.equal(request?.$case === "request_put" && request.value.lease, 6n);
});

test("members in any order and number mean what JSON.parse makes of them", () => {
  const member = fc.tuple(fc.constantFrom("limit", "revision", "min_mod_revision"), fc.integer({ min: 0, max: 300 }));
  fc.assert(
    fc.property(fc.array(member), (members) => {
      const text = `{${members.map(([name, value]) => `"${name}":${value}`).join()}}`;
      assert.deepEqual(range(text), range(JSON.stringify(JSON.parse(text))));
    }),
  );
});

test("very many values of one field take time in proportion", () => {
  const text = `{${'"limit":1,"key":"YQ==",'.repeat(100_000)}"revision":3}`;
  assert.equal(range(text).revision, 3n);
});

test("values that do not fit their fields and do not count take about as long as values that fit", () => {
  const time = (value: string): number => {
    const duplicates = `"limit":${value},"sort_order":${value},`.repeat(30_000);
    const text = Buffer.from(`{"success":[{"requestRange":{${duplicates}"limit":1,"sort_order":1}}]}`);
    return cpuTime(() => jsonToWire(TxnRequestCodec, text, { mapping: "v1" }));
  };
  time("1");
  const valid = time("1");
  const invalid = time('"x"');
  assert.ok(invalid < 5 * valid + 100, `${invalid} ms for values that do not fit, ${valid} ms for values that fit`);
});

test("null is an empty message", () => {
  assert.equal(read(RangeRequestCodec, " null ").length, 0);
  assert.throws(() => jsonToWire(RangeRequestCodec, Buffer.from("null")), JsonError);
});

test("integers are digits; in a string there may be white space around them", () => {
  assert.equal(range('{"limit":" 12 "}').limit, 12n);
  assert.equal(range('{"limit":-3}').limit, -3n);
  assert.equal(range('{"limit":"null"}').limit, 0n);
  for (const limit of ["1.0", "1e0", '"1.0"', '"1e0"', '""', '" "', '"1 2"', '"\\u0031"', "true"]) {
    assert.throws(() => range(`{"limit":${limit}}`), JsonError, limit);
  }
  assert.throws(() => read(AlarmRequestCodec, '{"action":1.0}'), JsonError);
  assert.throws(() => read(MemberRemoveRequestCodec, '{"ID":-0}'), JsonError);
  assert.equal(range('{"limit":-0}').limit, 0n);
  assert.equal(read(MemberRemoveRequestCodec, '{"ID":"18446744073709551615"}').length, 11);
});

test("bytes are standard padded base64, or an array of numbers", () => {
  assert.equal(String(range('{"key":"Zm9v\\nYg=="}').key), "foob");
  assert.equal(String(range('{"key":[102,111,111]}').key), "foo");
  assert.equal(range('{"key":[]}').key.length, 0);
  assert.equal(Buffer.from(range('{"key":[null,1]}').key).toString("hex"), "0001");
  for (const key of ['"Zg"', '"Zg="', '"-_8="', "[256]", "[-1]", "[1.0]", '["1"]', "[true]", "[1", "{}"]) {
    assert.throws(() => range(`{"key":${key}}`), JsonError, key);
  }
  for (const [key, at, got] of [
    ["Zm9*", 11, ', got "*"'],
    ["Zm9vY", 13, ", got an incomplete last group"],
    ["Zg", 7, ""],
  ]) {
    const message = `key: invalid base64 at byte ${at}: expected the standard alphabet, padded${got}`;
    assert.throws(() => range(`{"key":"${key}"}`), { message });
  }
  assert.throws(() => jsonToWire(RangeRequestCodec, Buffer.from('{"key":[102]}')), JsonError);
});

test("data behind the value is ignored if that is asked for", () => {
  const text = Buffer.from('{"limit":1} ]x');
  assert.equal(RangeRequest.decode(jsonToWire(RangeRequestCodec, text, { trailingData: "ignore" })).limit, 1n);
  assert.throws(() => jsonToWire(RangeRequestCodec, text), JsonError);
});

test("names of enum values are taken as they are written, escapes and all", () => {
  assert.equal(range('{"sort_order":"ASCEND"}').sort_order, 1);
  assert.throws(() => range('{"sort_order":"\\u0041SCEND"}'), JsonError);
});
