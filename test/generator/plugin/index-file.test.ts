import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile } from "./compile.js";

/** The statements of the index of some files. */
async function index(protoFiles: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { file } = await compile(protoFiles, "messages=messages");
  return file("index.ts")
    .split("\n")
    .filter((line) => /^(import|export|\} = \{$| {2}\S)/.test(line));
}

describe("the index", () => {
  it("exports everything of every file", async () => {
    const proto = 'syntax = "proto3"; package p; message M {} service KV { rpc R(M) returns (M); }';
    assert.deepEqual(await index({ "x/a.proto": proto, "x/b.proto": 'syntax = "proto3"; enum E { ZERO = 0; }' }), [
      'import { kv } from "./x/a.gateway.js";',
      'export * from "./messages/x/a.js";',
      'export * from "./messages/x/b.js";',
      'export * from "./x/a.codec.js";',
      'export * from "./x/a.gateway.js";',
      'export * from "./x/b.codec.js";',
      "export const services: {",
      "  readonly kv: typeof kv;",
      "} = {",
      "  kv,",
    ]);
  });

  it("gives names that are there twice their package", async () => {
    const proto = (name: string): string =>
      `syntax = "proto3"; package ${name}; message M {} service S { rpc R(M) returns (M); }`;
    assert.deepEqual(await index({ "a.proto": proto("first.v1"), "b.proto": proto("second.v1") }), [
      'import { s } from "./a.gateway.js";',
      'import { s as s2 } from "./b.gateway.js";',
      'export * from "./a.codec.js";',
      'export { MCodec } from "./a.codec.js";',
      'export * from "./a.gateway.js";',
      'export { s } from "./a.gateway.js";',
      'export * from "./b.codec.js";',
      'export { MCodec as SecondV1MCodec } from "./b.codec.js";',
      'export * from "./b.gateway.js";',
      'export { s as secondV1S } from "./b.gateway.js";',
      'export type { SServer } from "./messages/a.js";',
      'export * from "./messages/a.js";',
      'export { M, SClient, SService } from "./messages/a.js";',
      'export type { SServer as SecondV1SServer } from "./messages/b.js";',
      'export * from "./messages/b.js";',
      'export { M as SecondV1M, SClient as SecondV1SClient, SService as SecondV1SService } from "./messages/b.js";',
      "export const services: {",
      "  readonly s: typeof s;",
      "  readonly secondV1S: typeof s2;",
      "} = {",
      "  s,",
      "  secondV1S: s2,",
    ]);
  });

  it("keeps its own name for the list of services", async () => {
    const lines = await index({
      "a.proto": 'syntax = "proto3"; package p; message M { string s = 1; } service Services { rpc R(M) returns (M); }',
    });
    assert.deepEqual(lines.slice(0, 1), ['import { services as services2 } from "./a.gateway.js";']);
    assert.ok(lines.includes('export { services as pServices } from "./a.gateway.js";'));
    assert.equal(lines.at(-1), "  pServices: services2,");
  });
});
