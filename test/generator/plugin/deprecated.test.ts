import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.js";

const PROTO = `syntax = "proto3"; package d; import "google/api/annotations.proto";
  service Old {
    option deprecated = true;
    // Gets it.
    rpc Get(M) returns (M) { option (google.api.http) = {get: "/v1"}; }
    rpc Watch(M) returns (stream M);
  }
  service New { rpc Get(M) returns (M); }
  message M { string kept = 1; string gone = 2 [deprecated = true]; }
  message Gone { option deprecated = true; string kept = 1; }
  enum E { option deprecated = true; A = 0; }
  enum F { B = 0; C = 1 [deprecated = true]; }`;

test("codecs mark deprecated fields, messages, enums and their values", async () => {
  const codec = (await compile({ "d.proto": PROTO })).file("d.codec.ts");
  assert.match(codec, /kept: field\(1, "kept", "string"\),\n {2}\/\*\* @deprecated \*\/\n {2}gone: field\(2/);
  assert.match(codec, /Transcodes `d\.Gone`\.\n \*\n \* @deprecated\n/);
  assert.match(codec, /The values of `d\.E`\.\n \*\n \* @deprecated\n/);
  assert.match(codec, /B: 0,\n {4}\/\*\* @deprecated \*\/\n {4}C: 1,/);
  assert.equal(codec.match(/@deprecated/g)?.length, 4);
});

test("the RPCs of a deprecated service are marked, whoever defines their methods", async () => {
  for (const parameter of ["", "definitions=ts-proto"]) {
    const gateway = (await compile({ "d.proto": PROTO }, parameter)).file("d.gateway.ts");
    const [, old = ""] = /export const old: ServiceOf<\{(.*?)^\}> = /ms.exec(gateway) ?? [];
    assert.equal(old.match(/@deprecated/g)?.length, 2, `${parameter}\n${gateway}`);
    assert.match(old, /Gets it\./);
  }
  const gateway = (await compile({ "d.proto": PROTO }, "definitions=ts-proto")).file("d.gateway.ts");
  assert.match(gateway, /get: \(typeof OldService\)\["get"\];/);
  assert.match(gateway, /ServiceOf<typeof NewService>/);
});
