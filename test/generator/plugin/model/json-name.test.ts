import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonNameOf } from "../../../../generator/plugin/model/json-name.js";
import { infoOf } from "../../../../runtime/client/json/fields.js";
import { jsonNameOf as coreJsonNameOf } from "../../../../runtime/core/json/json-name.js";
import { makeRequest } from "../compile.js";

const NAMES = [
  "plain",
  "two_words",
  "lowerCamel",
  "UPPER_CASE",
  "_first",
  "last_",
  "two__lines",
  "a_1b",
  "b_2",
  "c3_d",
];

/** Returns the JSON name that the HTTP client derives. */
function clientJsonNameOf(name: string): string | undefined {
  const [derived] = infoOf(() => ({ [name]: "string" })).byJsonName.keys();
  return derived;
}

test("the generator, the runtime and the HTTP client derive the JSON names that a compiler of protos derives", async () => {
  const fields = NAMES.map((name, index) => `string ${name} = ${index + 1};`).join("\n");
  const { protoFile } = await makeRequest({ "m.proto": `syntax = "proto3"; message M { ${fields} }` });
  const compiled = protoFile.find(({ name }) => name === "m.proto")?.messageType[0]?.field ?? [];
  assert.deepEqual(
    compiled.map(({ name }) => name),
    NAMES,
  );
  for (const { name, jsonName } of compiled) {
    assert.equal(jsonNameOf(name), jsonName);
    assert.equal(coreJsonNameOf(name), jsonName);
    assert.equal(clientJsonNameOf(name), jsonName);
  }
});
