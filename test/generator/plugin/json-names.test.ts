import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.js";

const proto = 'syntax = "proto3"; message M { int32 the_field = 1; } message Empty {}';

test("json_names chooses what fields are called in the JSON that is written", async () => {
  const named = (await compile({ "m.proto": proto }, "json_names=json")).file("m.codec.ts");
  assert.match(named, /name: "M",\n {2}fields: M,\n {2}names: "json",\n/);
  for (const parameter of ["", "json_names=proto"]) {
    assert.doesNotMatch((await compile({ "m.proto": proto }, parameter)).file("m.codec.ts"), /names:/);
  }
});

test("a wrong json_names is an error that says what is right", async () => {
  const { errors } = await compile({ "m.proto": proto }, "json_names=camel");
  assert.deepEqual(errors, ['invalid plugin option json_names "camel": expected proto or json']);
});
