import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { type Compiled, compile } from "../compile.js";
import { assertGolden } from "../golden.js";

const KITCHEN_SINK = new URL("../golden/kitchen-sink/", import.meta.url);

describe("the gateway file of the kitchen sink", () => {
  let compiled: Compiled;
  before(async () => {
    const input = readFileSync(new URL("input.proto", KITCHEN_SINK), "utf8");
    compiled = await compile({ "kitchen/sink/v1/library.proto": input }, "messages=messages");
  });

  it("reads as a person would write it", () => {
    assertGolden(compiled.file("kitchen/sink/v1/library.gateway.ts"), new URL("library.gateway.ts", KITCHEN_SINK));
  });

  it("is in an index with the rest", () => {
    assertGolden(compiled.file("index.ts"), new URL("index.ts", KITCHEN_SINK));
  });

  it("comes without a word to the user", () => {
    assert.deepEqual(compiled.errors, []);
    assert.deepEqual(compiled.warnings, []);
  });
});

describe("a gateway file", () => {
  it("is not there for a proto file without services", async () => {
    const { files } = await compile({ "a.proto": 'syntax = "proto3"; message M {}' });
    assert.deepEqual(
      files.map((file) => file.path),
      ["a.codec.ts", "index.ts"],
    );
  });

  it("imports from where the options say", async () => {
    const proto = 'syntax = "proto3"; message M { string s = 1; } service S { rpc R(M) returns (M); }';
    const importsWith = async (parameter: string): Promise<readonly string[]> => {
      const { file } = await compile({ "x/y/a.proto": proto }, parameter);
      return file("x/y/a.gateway.ts")
        .split("\n")
        .flatMap((line) => /^import .* from "(\..*)";$/.exec(line)?.[1] ?? []);
    };
    assert.deepEqual(await importsWith(""), ["./a.codec.js", "./a.js"]);
    assert.deepEqual(await importsWith("messages=../pb"), ["../../../pb/x/y/a.js", "./a.codec.js"]);
    assert.deepEqual(await importsWith("messages=pb,import_extension=ts"), ["../../pb/x/y/a.ts", "./a.codec.ts"]);
    assert.deepEqual(await importsWith("import_extension=none"), ["./a", "./a.codec"]);
  });

  it("marks the RPCs of a deprecated service", async () => {
    const proto = `syntax = "proto3"; message M { string s = 1; }
      service S { option deprecated = true; rpc R(M) returns (M); }`;
    const { file } = await compile({ "a.proto": proto });
    assert.match(file("a.gateway.ts"), /@deprecated\n {3}\*\/\n {2}r: UnaryMethod<M, M>;/);
  });

  it("takes ts-proto's definitions if it is told to", async () => {
    const proto = 'syntax = "proto3"; message M { string s = 1; } service S { rpc R(M) returns (M); } service None {}';
    const { file } = await compile({ "a.proto": proto }, "messages=pb,definitions=ts-proto");
    const text = file("a.gateway.ts");
    assert.match(text, /^import \{ type NoneService, SService \} from "\.\/pb\/a\.js";$/m);
    assert.match(text, /^export const s: ServiceOf<typeof SService> = \{$/m);
    assert.match(text, /^ {6}method: SService\.r,$/m);
  });

  it("gives RPCs whose names differ in case alone a number", async () => {
    const proto = `syntax = "proto3"; message M { string s = 1; }
      service S { rpc GetAPI(M) returns (M); rpc GetApi(M) returns (M); rpc GetApi2(M) returns (M); }`;
    const { file, errors } = await compile({ "a.proto": proto });
    assert.deepEqual(file("a.gateway.ts").match(/^ {4}\w+: \{$/gm), [
      "    getApi: {",
      "    getApi3: {",
      "    getApi2: {",
    ]);
    assert.deepEqual(errors, []);
  });

  it("tells names of different files apart", async () => {
    const { file } = await compile({
      "a.proto": 'syntax = "proto3"; package a; message M { string s = 1; }',
      "b.proto": `syntax = "proto3"; package b; import "a.proto"; message M { string s = 1; }
        service S { rpc R(a.M) returns (M); }`,
    });
    const text = file("b.gateway.ts");
    assert.match(text, /^import \{ MCodec \} from "\.\/a\.codec\.js";$/m);
    assert.match(text, /^import \{ MCodec as MCodec2 \} from "\.\/b\.codec\.js";$/m);
    assert.match(text, /request: MCodec,\n +response: MCodec2,/);
  });
});
