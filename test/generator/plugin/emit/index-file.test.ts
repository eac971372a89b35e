import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile } from "../compile.js";

/** The statements of the index of some files, but for what adds the codecs. */
async function index(protoFiles: Readonly<Record<string, string>>, parameter = ""): Promise<readonly string[]> {
  const { file } = await compile(protoFiles, `messages=messages,${parameter}`);
  return file("index.ts")
    .split("\n")
    .filter((line) => /^(import|export| {2,4}\w)/.test(line) && !/(withC|\wC)odecs\b/.test(line))
    .map((line) => line.replace(/^ {4}/, "  "));
}

/** A file with names that another package has too. */
function twice(name: string): string {
  return `syntax = "proto3"; package ${name};
    message M { map<string, string> labels = 1; } service S { rpc R(M) returns (M); }`;
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
      "  kv,",
    ]);
  });

  it("adds the codecs of all messages to the services, whatever leads to them", async () => {
    const { file } = await compile({
      "x/a-b.proto": 'syntax = "proto3"; package p; message M {} service KV { rpc R(M) returns (M); }',
      "y/a_b.proto": 'syntax = "proto3"; package q; message Alone {}',
      "z/2.proto": 'syntax = "proto3"; package r; message Alone {}',
      "z/enums.proto": 'syntax = "proto3"; package r; enum E { ZERO = 0; }',
    });
    const lines = file("index.ts").split("\n");
    assert.deepEqual(
      lines.filter((line) => line.includes("odecs")),
      [
        'import { withCodecs } from "@etcd-gateway/runtime/codegen/v1";',
        'import * as aBCodecs from "./x/a-b.codec.js";',
        'import * as aBCodecs2 from "./y/a_b.codec.js";',
        'import * as file2Codecs from "./z/2.codec.js";',
        "/** Every service, in the order of the files, with the codecs of all messages, which an `Any` may hold. */",
        "} = withCodecs(",
        "  [aBCodecs, aBCodecs2, file2Codecs],",
      ],
    );
  });

  it("gives names that are there twice their package, save for the last file's", async () => {
    assert.deepEqual(await index({ "a.proto": twice("first.v1"), "b.proto": twice("second.v1") }), [
      'import { s } from "./a.gateway.js";',
      'import { s as s2 } from "./b.gateway.js";',
      'export * from "./a.codec.js";',
      'export { MCodec as FirstV1MCodec } from "./a.codec.js";',
      'export * from "./a.gateway.js";',
      'export { s as firstV1S } from "./a.gateway.js";',
      'export * from "./b.codec.js";',
      'export { MCodec } from "./b.codec.js";',
      'export * from "./b.gateway.js";',
      'export { s } from "./b.gateway.js";',
      'export * from "./messages/a.js";',
      'export { M as FirstV1M, M_LabelsEntry as FirstV1M_LabelsEntry } from "./messages/a.js";',
      'export * from "./messages/b.js";',
      'export { M, M_LabelsEntry } from "./messages/b.js";',
      "export const services: {",
      "  readonly firstV1S: typeof s;",
      "  readonly s: typeof s2;",
      "  firstV1S: s,",
      "  s: s2,",
    ]);
  });

  it("gives no file's names another one because a file is added before it", async () => {
    const exportsOf = async (files: readonly string[]): Promise<readonly string[]> => {
      const protos = Object.fromEntries(files.map((name) => [`${name}.proto`, twice(name)]));
      return (await index(protos)).filter((line) => /^export \{.*"\.\/(messages\/)?[bc]\b/.test(line));
    };
    const before = await exportsOf(["b", "c"]);
    assert.equal(before.length, 6);
    assert.deepEqual(await exportsOf(["a", "b", "c"]), before);
  });

  it("leaves the names of a main package as they are", async () => {
    const protos = { "a.proto": twice("first.v1"), "b.proto": twice("second.v1") };
    const lines = await index(protos, "main_package=first.v1");
    assert.ok(lines.includes('export { M, M_LabelsEntry } from "./messages/a.js";'));
    assert.ok(lines.includes("  secondV1S: s2,"));
  });

  it("warns of services that have the same name, unless the main package is chosen", async () => {
    const protos = { "a.proto": twice("first.v1"), "b.proto": twice("second.v1") };
    assert.deepEqual((await compile(protos)).warnings.slice(-1), [
      "warning: first.v1.S and second.v1.S have the same name in TypeScript: s is second.v1.S, because its file is the " +
        "last: set the plugin option main_package to the package that keeps the name, for example main_package=second.v1",
    ]);
    for (const parameter of ["main_package=first.v1", "services=first.v1", "outputs=gateways"]) {
      const { warnings } = await compile(protos, parameter);
      assert.doesNotMatch(warnings.join("\n"), /same name/, parameter);
    }
  });

  it("rejects a main package that no file has", async () => {
    const protos = { "a.proto": twice("first.v1"), "b.proto": twice("first.v1").replace("package first.v1;", "") };
    const { errors } = await compile(protos, "main_package=zzz,main_package=first.v1");
    assert.deepEqual(errors, [
      'invalid plugin option main_package: no file has the package "zzz": the packages are first.v1, (none)',
    ]);
  });

  it("knows the definitions that ts-proto writes, if they are its", async () => {
    const protos = { "a.proto": twice("first.v1"), "b.proto": twice("second.v1") };
    const lines = await index(protos, "definitions=ts-proto");
    assert.ok(lines.includes('export type { SServer as FirstV1SServer } from "./messages/a.js";'));
    assert.ok(lines.includes('export { M, M_LabelsEntry, SService } from "./messages/b.js";'));
  });

  it("tells services of one file apart whose names differ in case alone", async () => {
    const proto = 'syntax = "proto3"; package p; message M {} service KV { rpc R(M) returns (M); } service Kv {}';
    const lines = await index({ "a.proto": proto });
    assert.deepEqual(lines.slice(-2), ["  kv,", "  kv2,"]);
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
