import assert from "node:assert/strict";
import { test } from "node:test";
import { assertRejected, roundTrip, wireOf } from "./sample.js";

test("a field is known by its proto name and its JSON name, in exactly these letters", () => {
  assert.equal(roundTrip('{"sub_message":{}}'), '{"sub_message":{}}');
  assert.equal(roundTrip('{"subMessage":{}}'), '{"sub_message":{}}');
  assert.equal(roundTrip('{"renamed":1}'), '{"renamed":1}');
  assert.equal(roundTrip('{"other name":1}'), '{"renamed":1}');
  assert.equal(roundTrip('{"\\u0069nt32":1}'), '{"int32":1}');
  assert.equal(roundTrip('{"INT32":1,"Int32":1,"int32 ":1,"sub_Message":{}}'), "{}");
});

test("names that objects are born with are names like others", () => {
  assert.equal(roundTrip('{"constructor":1,"toString":{},"hasOwnProperty":[],"then":0,"toJSON":"x"}'), "{}");
  assert.equal(roundTrip('{"__proto__":"kept"}'), '{"__proto__":"kept"}');
  assert.equal(roundTrip('{"counts":{"__proto__":1,"constructor":2}}'), '{"counts":{"__proto__":1,"constructor":2}}');
  assertRejected('{"color":"constructor"}', /unknown enum value/);
  assert.equal(Reflect.get({}, "kept"), undefined);
});

test("unknown fields are skipped, or rejected on demand", () => {
  assert.equal(roundTrip('{"unknown":{"a":[1,null,{"b":"c"}]},"int32":1,"[ext]":true}'), '{"int32":1}');
  assert.equal(roundTrip('{"unknown":1,"unknown":2}'), "{}");
  assertRejected(
    '{"sub_message":{"typo":1}}',
    'sub_message: unknown field at byte 16: sample.Sample has no field "typo"',
    {
      unknownFields: "reject",
    },
  );
});

test("what is skipped must be JSON all the same", () => {
  for (const text of ["tru", "[1,]", "[1 2]", '{"a"}', '{"a":}', "{,}", "{a:1}", "nul", "-", '"', "[", "/**/1", "01"]) {
    assertRejected(`{"unknown":${text}}`, /at byte \d+/);
  }
});

test("null is the absence of a field", () => {
  const names = [
    "int32",
    "string",
    "bytes",
    "color",
    "sub_message",
    "int_list",
    "sample_list",
    "counts",
    "chosen_text",
    "maybe",
  ];
  assert.equal(roundTrip(`{${names.map((name) => `"${name}":null`).join(",")}}`), "{}");
});

test("null is neither an element nor a value of a map", () => {
  assertRejected(
    '{"int_list":[1,null]}',
    "int_list[1]: unexpected token at byte 15: expected an element other than null, got null",
  );
  assertRejected('{"sample_list":[null]}', /^sample_list\[0\]: /);
  assertRejected('{"counts":{"a":null}}', /^counts\["a"\]: unexpected token at byte 15/);
  assertRejected("null", "unexpected token at byte 0: expected an object, got null");
});

test("a field that comes twice is rejected, under one name or both", () => {
  assertRejected(
    '{"int32":1,"int32":1}',
    "int32: duplicate field at byte 11: expected it once, under one of its names",
  );
  assertRejected('{"subMessage":{},"sub_message":{}}', /^sub_message: duplicate field at byte 17/);
  assertRejected('{"int32":null,"int32":1}', /duplicate field/);
  assertRejected('{"counts":{"a":1,"\\u0061":2}}', /^counts\["a"\]: duplicate map key at byte 17: expected it once/);
});

test("two members of a oneof are rejected; null is not a member", () => {
  assertRejected(
    '{"chosen_text":"","chosenSample":{}}',
    "chosen_sample: second member of the oneof choice at byte 18: expected at most one",
  );
  assert.equal(roundTrip('{"chosen_text":"a","chosen_sample":null}'), '{"chosen_text":"a"}');
});

test("what is told from its absence is written though it is a default", () => {
  assert.equal(
    roundTrip('{"maybe":0,"chosen_text":"","sub_message":{}}'),
    '{"sub_message":{},"chosen_text":"","maybe":"0"}',
  );
  assert.equal(wireOf('{"int32":0,"bool":false,"string":"","bytes":"","color":0,"int_list":[],"counts":{}}'), "");
});

test("lists and maps keep their defaults", () => {
  assert.equal(
    roundTrip('{"int_list":[0,1],"string_list":[""],"color_list":[0]}'),
    '{"int_list":["0","1"],"string_list":[""],"color_list":["RED"]}',
  );
  assert.equal(roundTrip('{"counts":{"":0},"samples":{"false":{}}}'), '{"counts":{"":0},"samples":{"false":{}}}');
});

test("the keys of a map are of their type", () => {
  assert.equal(
    roundTrip('{"colors":{"-9223372036854775808":"GREEN","1e1":0}}'),
    '{"colors":{"-9223372036854775808":"GREEN","10":"RED"}}',
  );
  assertRejected('{"samples":{"True":{}}}', /^samples\["True"\]: invalid map key at byte 12/);
  assertRejected('{"colors":{" 1":0}}', /^colors\[" 1"\]: invalid number at byte 11/);
  assertRejected('{"colors":{"1":0,"1.0":0}}', /duplicate map key/);
});

test("only true and false are booleans", () => {
  assert.equal(roundTrip('{"bool":true}'), '{"bool":true}');
  for (const text of ['"true"', "1", "0", '"false"', "[]"]) {
    assertRejected(`{"bool":${text}}`, /^bool: unexpected token at byte 8: expected true or false, got /);
  }
});

test("an enum is known by the names and the numbers of its values", () => {
  assert.equal(roundTrip('{"color":"GREEN"}'), '{"color":"GREEN"}');
  assert.equal(
    roundTrip('{"color":1.0,"color_list":[2,"SCARLET",-1]}'),
    '{"color":"GREEN","color_list":["CRIMSON","CRIMSON","NEGATIVE"]}',
  );
  assert.equal(roundTrip('{"color":99}'), '{"color":99}');
});

test("an unknown enum name is rejected, and an unknown number on demand", () => {
  assertRejected(
    '{"sample_list":[{},{"color":"PURPLE"}]}',
    'sample_list[1].color: unknown enum value at byte 28: expected RED, GREEN, CRIMSON or NEGATIVE (sample.Color), got "PURPLE"',
  );
  for (const text of ['"green"', '"1"', '""', "true", "{}", "1.5", "2147483648"])
    assertRejected(`{"color":${text}}`, /^color: /);
  assertRejected(
    '{"color":99}',
    "color: unknown enum value at byte 9: expected RED, GREEN, CRIMSON or NEGATIVE (sample.Color), got 99",
    {
      unknownEnumNumbers: "reject",
    },
  );
});

test("an unknown enum name is taken as absent on demand", () => {
  const json = '{"color":"PURPLE","color_list":["GREEN","PURPLE"],"colors":{"1":"PURPLE","2":"GREEN"}}';
  assert.equal(roundTrip(json, { unknownEnumNames: "ignore" }), '{"color_list":["GREEN"],"colors":{"2":"GREEN"}}');
});
