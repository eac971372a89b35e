import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { runPlugin } from "../../../../generator/plugin/plugin.js";
import { compile, makeRequest } from "../compile.js";

const ANNOTATIONS = "google/api/annotations.proto";
const HTTP = "google/api/http.proto";

const PROTOS = {
  "x/a.proto": `syntax = "proto3"; package x.a; message M {}
    service Kept { rpc R(M) returns (M); } service Dropped { rpc R(M) returns (M); }`,
  "x/b.proto": `syntax = "proto3"; package x.b; import "google/api/annotations.proto"; message M {}
    service Dropped { rpc R(M) returns (M) { option (google.api.http) = { get: "/{no_such_field}" }; } }`,
};

function google(file: string): string {
  return readFileSync(new URL(`../../../../proto/${file}`, import.meta.url), "utf8");
}

async function paths(parameter: string): Promise<readonly string[]> {
  return (await compile({ "x/a.proto": PROTOS["x/a.proto"] }, parameter)).files.map(({ path }) => path);
}

describe("the plugin option outputs", () => {
  it("says which files are written", async () => {
    assert.deepEqual(await paths(""), ["x/a.codec.ts", "x/a.gateway.ts", "index.ts"]);
    assert.deepEqual(await paths("outputs=codecs,outputs=gateways"), ["x/a.codec.ts", "x/a.gateway.ts"]);
    assert.deepEqual(await paths("outputs=codecs"), ["x/a.codec.ts"]);
    assert.deepEqual(await paths("outputs=none,openapi=openapi.json"), ["openapi.json"]);
  });

  it("leaves out of the index what is not written", async () => {
    const { file } = await compile({ "x/a.proto": PROTOS["x/a.proto"] }, "outputs=codecs,outputs=index,messages=m");
    assert.deepEqual(file("index.ts").split("\n").slice(2), [
      "",
      'export * from "./m/x/a.js";',
      'export * from "./x/a.codec.js";',
      "",
      "/** Every service, in the order of the files. */",
      "export const services: Readonly<Record<never, never>> = {};",
      "",
    ]);
  });
});

describe("output files", () => {
  it("do not have the names of ts-proto's, or of each other", async () => {
    const protos = {
      "index.proto": 'syntax = "proto3"; message A {}',
      "index.codec.proto": 'syntax = "proto3"; message B {}',
    };
    const { errors, files } = await compile(protos, "openapi=a.json,swagger=a.json");
    assert.deepEqual(errors, [
      "ts-proto also writes index.codec.ts, for index.codec.proto: " +
        "give ts-proto a folder of its own, and name it with the plugin option messages",
      "ts-proto also writes index.ts, for index.proto: " +
        "give ts-proto a folder of its own, and name it with the plugin option messages",
      "two outputs are called a.json: choose another name for one of client, openapi and swagger",
    ]);
    assert.deepEqual(files, []);
    assert.deepEqual((await compile(protos, "messages=messages,openapi=a.json,swagger=b.json")).errors, []);
  });
});

describe("the plugin option services", () => {
  it("says which services are served; the others' mistakes do not matter", async () => {
    const { files, errors, file } = await compile(PROTOS, "services=x.a.Kept");
    assert.deepEqual(errors, []);
    assert.deepEqual(
      files.map(({ path }) => path),
      ["x/a.codec.ts", "x/a.gateway.ts", "x/b.codec.ts", "index.ts"],
    );
    assert.match(file("x/a.gateway.ts"), /export const kept:/);
    assert.doesNotMatch(file("x/a.gateway.ts"), /Dropped/);
    assert.match(file("index.ts"), /\{\n {4}kept,\n {2}\},/);
  });

  it("keeps names apart that ts-proto gives to several services, served or not", async () => {
    const { file } = await compile(PROTOS, "services=x.a.Kept,definitions=ts-proto");
    assert.match(file("index.ts"), /export \{ DroppedService as XADroppedService, /);
  });

  it("takes packages too, and several of either", async () => {
    const { file } = await compile({ "x/a.proto": PROTOS["x/a.proto"] }, "services=x.a");
    assert.match(file("index.ts"), /\{\n {4}kept,\n {4}dropped,\n {2}\},/);
    const both = await compile({ "x/a.proto": PROTOS["x/a.proto"] }, "services=x.a.Dropped,services=x.a.Kept");
    assert.match(both.file("index.ts"), /\{\n {4}kept,\n {4}dropped,\n {2}\},/);
  });

  it("is those of the files that are asked for by default, and may name others", async () => {
    const { "x/b.proto": _, ...rest } = PROTOS;
    const using = `syntax = "proto3"; package x.c; import "x/a.proto"; service User { rpc R(x.a.M) returns (x.a.M); }`;
    const request = await makeRequest({ ...rest, "x/c.proto": using });
    request.fileToGenerate = ["x/c.proto"];
    const paths = (parameter: string): readonly string[] =>
      runPlugin({ ...request, parameter }).files.map((file) => file.path);
    assert.deepEqual(paths(""), ["x/a.codec.ts", "x/c.gateway.ts", "index.ts"]);
    assert.deepEqual(paths("services=x.c,services=x.a.Kept"), [
      ...["x/a.codec.ts", "x/a.gateway.ts", "x/c.gateway.ts", "index.ts"],
    ]);
    assert.deepEqual(paths("services=x.a.Kept"), ["x/a.codec.ts", "x/a.gateway.ts", "index.ts"]);
  });

  it("names a service that is there", async () => {
    const { errors } = await compile({ "x/a.proto": PROTOS["x/a.proto"] }, "services=x.a.Kep");
    assert.deepEqual(errors, [
      'invalid plugin option services: unknown service or package "x.a.Kep": the services are x.a.Kept, x.a.Dropped',
    ]);
  });
});

describe("the plugin options unknown_fields and unknown_enum_numbers", () => {
  it("are told to the runtime", async () => {
    const of = async (parameter: string): Promise<string> =>
      (await compile({ "x/a.proto": PROTOS["x/a.proto"] }, parameter)).file("x/a.gateway.ts");
    assert.match(await of("unknown_fields=reject"), /name: "x\.a\.Kept",\n {2}json: \{ unknownFields: "reject" \},\n/);
    assert.match(
      await of("unknown_fields=reject,unknown_enum_numbers=reject"),
      /json: \{ unknownFields: "reject", unknownEnumNumbers: "reject" \},\n/,
    );
    assert.doesNotMatch(await of("unknown_fields=ignore,unknown_enum_numbers=accept"), /json:/);
  });
});

describe("files that are not asked for", () => {
  it("have codecs where others need them, whatever needs them in turn", async () => {
    const request = await makeRequest({
      "a.proto": `syntax = "proto3"; import "b.proto"; import "google/protobuf/descriptor.proto";
        extend google.protobuf.MethodOptions { M rule = 50001; } message M { B b = 1; }`,
      "b.proto": `syntax = "proto3"; import "c.proto"; import "unused.proto"; message B { oneof o { C c = 1; } }`,
      "c.proto": `syntax = "proto3"; import "google/api/http.proto"; message C { enum E { ZERO = 0; }
        map<string, google.api.HttpRule> rules = 1; }`,
      "unused.proto": 'syntax = "proto3"; message Unused {}',
    });
    request.fileToGenerate = ["a.proto"];
    const { files, errors } = runPlugin(request);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      files.map(({ path }) => path),
      ["google/api/http.codec.ts", "c.codec.ts", "b.codec.ts", "a.codec.ts", "index.ts"],
    );
  });

  it("have them if they are descriptor.proto, which then knows the extensions of its messages", async () => {
    const request = await makeRequest({
      "a.proto": `syntax = "proto3"; import "google/protobuf/descriptor.proto"; message Rule { string s = 1; }
        extend google.protobuf.FieldOptions { Rule rule = 50001; }
        message M { google.protobuf.FileDescriptorProto file = 2; }`,
    });
    request.fileToGenerate = ["a.proto"];
    const { files } = runPlugin(request);
    const descriptor = files.find(({ path }) => path === "google/protobuf/descriptor.codec.ts");
    assert.match(descriptor?.content ?? "", /import \{ RuleCodec \} from "\.\.\/\.\.\/a\.codec\.js";/);
    assert.match(descriptor?.content ?? "", /"\[rule\]": field\(50001, "\[rule\]", \(\) => RuleCodec/);
  });
});

describe("google's files of the rules and of the well-known types", () => {
  it("are generated nothing for, though include_imports hands them to the plugin", async () => {
    const { files, warnings } = await compile({
      "m.proto": `syntax = "proto3"; import "google/api/annotations.proto"; message M {}
        service S { rpc R(M) returns (M) { option (google.api.http) = { get: "/m" }; } }`,
      [ANNOTATIONS]: google(ANNOTATIONS),
      [HTTP]: google(HTTP),
    });
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      files.map(({ path }) => path),
      ["m.codec.ts", "m.gateway.ts", "index.ts"],
    );
  });
});
