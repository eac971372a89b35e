import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mayNeedPrefix } from "../../../../../generator/plugin/read/types/type-names.js";
import { compile } from "../../compile.js";

async function errorsOf(declarations: string, parameter = ""): Promise<readonly string[]> {
  const imports = 'import "google/protobuf/wrappers.proto";';
  const { errors, files } = await compile({ "m.proto": `syntax = "proto3"; ${imports}\n${declarations}` }, parameter);
  assert.equal(files.length === 0, errors.length > 0);
  return errors;
}

describe("names that ts-proto's output does not compile with", () => {
  it("are reported, with the option that helps", async () => {
    const proto = "message class {}\nmessage O { message Map {} }\nenum any { Z = 0; }\nmessage Map {}";
    assert.deepEqual(await errorsOf(proto), [
      "m.proto:4:1: enum any: ts-proto's output does not compile with a type called any: " +
        "set typePrefix=Pb for ts-proto and type_prefix=Pb for this plugin, or another prefix for both",
      "m.proto:2:1: message class: ts-proto's output does not compile with a type called class: " +
        "set typePrefix=Pb for ts-proto and type_prefix=Pb for this plugin, or another prefix for both",
      "m.proto:5:1: message Map: ts-proto's output does not compile with a type called Map: " +
        "set typePrefix=Pb for ts-proto and type_prefix=Pb for this plugin, or another prefix for both",
    ]);
    assert.deepEqual(await errorsOf(proto, "type_prefix=Pb"), []);
    assert.deepEqual(await errorsOf(proto, "type_suffix=_"), []);
  });

  it("may be those of local variables, if a field has the type", async () => {
    assert.deepEqual(await errorsOf("message tag {}\nmessage reader {}"), []);
    assert.equal((await errorsOf("message tag {}\nmessage M { tag t = 1; }")).length, 1);
  });

  it("may be those of local variables in loops over lists and maps", async () => {
    const messages = "message e {} message v {} message acc {} message key {} message m {} message value {}";
    const declared = (fields: string) => errorsOf(`${messages} message All { ${fields} }`);
    assert.deepEqual(await declared("e a = 1; v b = 2; acc c = 3; key d = 4; m f = 5; value g = 6;"), []);
    assert.equal((await declared("repeated e a = 1; repeated v b = 2; repeated value c = 3;")).length, 2);
    const maps = ["acc", "key", "m", "value", "e"].map((type, i) => `map<bool, ${type}> f${i} = ${i + 1};`);
    assert.equal((await declared(maps.join(" "))).length, 4);
  });

  it("may be those of local variables in another file", async () => {
    const locals = ["end", "input", "length", "message", "previousRecursionDepth", "reader", "tag", "writer"];
    const fields = locals.map((name, i) => `repeated a.${name} f${i} = ${i + 1};`);
    const { errors } = await compile({
      "a.proto": `syntax = "proto3"; package a; ${locals.map((name) => `message ${name} {}`).join("\n")}`,
      "b.proto": `syntax = "proto3"; package b; import "a.proto"; message M { ${fields.join(" ")} }`,
    });
    assert.equal(errors.length, locals.length);
    for (const error of errors) assert.match(error, /^a\.proto:.* set typePrefix=Pb for ts-proto/);
  });

  it("may be that of a parameter, whether or not a field has the type", async () => {
    assert.equal((await errorsOf("message base { string id = 1; }")).length, 1);
    assert.deepEqual(await errorsOf("message base { string id = 1; }", "type_prefix=Pb"), []);
  });

  it("are known to init, which cannot see the fields", () => {
    const names = ["class", "base", "tag", "v", "value"];
    assert.deepEqual([...names, "Book", "Value", "book"].filter(mayNeedPrefix), names);
  });

  it("are one name where nesting is written with an underscore", async () => {
    assert.deepEqual(await errorsOf("message A { message B {} }\nenum A_B { Z = 0; }"), [
      "m.proto:2:13: message A.B and enum A_B have the same name in TypeScript, A_B: rename one of them",
    ]);
    assert.deepEqual(await errorsOf("message M { map<string, string> labels = 1; }\nmessage M_LabelsEntry {}"), [
      "m.proto:2:1: the map entry of message M and message M_LabelsEntry have the same name in TypeScript, M_LabelsEntry: " +
        "rename one of them",
    ]);
  });

  it("name types with the affixes that ts-proto has", async () => {
    const proto =
      'syntax = "proto3"; message A { message Date {} } message Date {} service S { rpc R(Date) returns (A); }';
    const { file } = await compile({ "m.proto": proto }, "messages=m,type_prefix=Pb,type_suffix=X");
    assert.match(file("m.gateway.ts"), /import \{ PbAX, PbDateX \} from "\.\/m\/m\.js";/);
    assert.match(file("m.codec.ts"), /export const PbA_DateXCodec/);
  });
});

describe("ts-proto's definitions, where they are asked for", () => {
  it("are rejected for RPCs that they do not compile with", async () => {
    const proto = `message M {}
service S {
  rpc GetAPI(M) returns (M);
  rpc GetApi(M) returns (google.protobuf.Int64Value);
}`;
    assert.deepEqual(await errorsOf(proto), []);
    assert.deepEqual(await errorsOf(proto, "definitions=ts-proto"), [
      "m.proto:5:3: rpc S.GetApi and rpc S.GetAPI have the same name in TypeScript, getApi: remove definitions=ts-proto",
      "m.proto:5:3: rpc S.GetApi: ts-proto's definition of an RPC with a google.protobuf.Int64Value does not compile: " +
        "remove definitions=ts-proto",
    ]);
  });
});

describe("names within a codec file", () => {
  it("are those of the messages, unless exports or local variables have them", async () => {
    const scattered = "oneof a { string b = 1; int32 c = 3; } string d = 2;";
    const { file } = await compile({
      "m.proto": `syntax = "proto3"; message Foo { ${scattered} } message FooCodec { string s = 1; }
        message FooCodec_ { string s = 1; } message t { string s = 1; } message tag { string s = 1; }
        message has_a { string s = 1; } message field { string s = 1; }`,
    });
    const text = file("m.codec.ts");
    assert.deepEqual(text.match(/^const \w+/gm), [
      ...["const Foo", "const FooCodec__", "const FooCodec_", "const t_", "const tag_", "const has_a_", "const field"],
    ]);
    assert.match(text, /field as field2/);
    assert.equal(new Set(text.match(/^(export )?const \w+/gm)).size, 14);
  });
});
