import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { openapiText } from "../../../../../generator/plugin/emit/description/openapi/openapi.js";
import type { ApiSettings } from "../../../../../generator/plugin/model/api-settings.js";
import { parseOptions } from "../../../../../generator/plugin/plugin-options.js";
import { Diagnostics } from "../../../../../generator/plugin/read/diagnostics.js";
import { compile } from "../../compile.js";
import { at, type Document, describe, operationsIn } from "./document.js";

const EMPTY: ApiSettings = { title: "", version: "1", description: "", servers: [], pathPrefix: "", examples: {} };

test("64-bit integers are strings, in messages that only requests have numbers too", async () => {
  const { openapi, swagger } = await describe(`
    service S {
      rpc A(In) returns (Out) { option (google.api.http) = {post: "/a" body: "*"}; }
      rpc B(Both) returns (Both) { option (google.api.http) = {post: "/b" body: "*"}; }
    }
    message In { int64 n = 1; Both both = 2; }
    message Out { uint64 n = 1; }
    message Both { sint64 n = 1; }`);
  const n = (message: string) => at(openapi, "components", "schemas", `test.v1.${message}`, "properties", "n");
  assert.deepEqual(n("In"), { type: ["string", "integer"], format: "int64", pattern: "^-?[0-9]+$" });
  assert.deepEqual(n("Out"), { type: "string", format: "uint64", pattern: "^[0-9]+$" });
  assert.deepEqual(n("Both"), { type: "string", format: "int64", pattern: "^-?[0-9]+$" });
  assert.deepEqual(at(swagger, "definitions", "v1In", "properties", "n"), { type: "string", format: "int64" });
});

test("of a oneof's members one may be there", async () => {
  const { openapi } = await describe(`
    service S { rpc A(In) returns (In) { option (google.api.http) = {post: "/a" body: "*"}; } }
    message In { oneof first { string a = 1; string b = 2; string c = 3; } oneof second { string d = 4; string e = 5; } string f = 6; }`);
  const validate = new Ajv2020().compile(at(openapi, "components", "schemas", "test.v1.In") as object);
  const valid = [{}, { a: "" }, { a: "", d: "", f: "" }, { c: "", e: "", other: 1 }];
  const wrong = [
    { a: "", b: "" },
    { b: "", c: "" },
    { a: "", c: "", d: "" },
    { a: "", d: "", e: "" },
  ];
  assert.deepEqual(
    valid.map((value) => validate(value)),
    valid.map(() => true),
  );
  assert.deepEqual(
    wrong.map((value) => validate(value)),
    wrong.map(() => false),
  );
});

test("a oneof with one member and an optional field exclude nothing", async () => {
  const { openapi } = await describe(`
    service S { rpc A(In) returns (In) { option (google.api.http) = {post: "/a" body: "*"}; } }
    message In { oneof only { string a = 1; } optional string b = 2; optional string c = 3; }`);
  assert.equal(at(openapi, "components", "schemas", "test.v1.In", "not"), undefined);
});

test("services of the same name in two packages keep their operations apart", async () => {
  const proto = (name: string) => `syntax = "proto3"; package ${name}; import "google/api/annotations.proto";
    service S { rpc Get(In) returns (In) { option (google.api.http) = {get: "/${name}"}; } } message In {}`;
  const compiled = await compile({ "a.proto": proto("a.v1"), "b.proto": proto("b.v1") }, "openapi=openapi.json");
  const operations = [...operationsIn(JSON.parse(compiled.file("openapi.json"))).values()];
  assert.deepEqual(
    operations.map((operation) => at(operation, "operationId")),
    ["a_v1_S_Get", "b_v1_S_Get"],
  );
});

test("no two operations have one id: additional bindings give way to the names of RPCs", async () => {
  const { openapi, swagger } = await describe(`
    service S {
      rpc Get(In) returns (In) { option (google.api.http) = {
        get: "/a" additional_bindings {get: "/b"} additional_bindings {get: "/c"} }; }
      rpc Get2(In) returns (In) { option (google.api.http) = {get: "/d"}; }
      rpc Watch(In) returns (stream In) { option (google.api.http) = {post: "/e" body: "*"}; }
      rpc Watch_get(In) returns (In) { option (google.api.http) = {get: "/f"}; }
      rpc B_C(In) returns (In) { option (google.api.http) = {get: "/g"}; }
    }
    service S_B { rpc C(In) returns (In) { option (google.api.http) = {get: "/h"}; } }
    message In {}`);
  const ids = (document: Document) =>
    [...operationsIn(document)].map(([route, operation]) => [route, at(operation, "operationId")]);
  const expected = [
    ["GET /a", "S_Get"],
    ["GET /b", "S_Get3"],
    ["GET /c", "S_Get4"],
    ["GET /d", "S_Get2"],
    ["POST /e", "S_Watch"],
    ["GET /f", "S_Watch_get"],
    ["GET /g", "S_B_C"],
    ["GET /h", "S_B_C2"],
  ];
  assert.deepEqual(ids(swagger), expected);
  assert.deepEqual(ids(openapi).sort(), [...expected, ["GET /e", "S_Watch_get2"]].sort());
});

test("without settings the title is the package, and the API is where the description is", async () => {
  const { openapi, swagger } = await describe(`
    service S { rpc A(In) returns (In) { option (google.api.http) = {get: "/a"}; } }
    message In {}`);
  assert.equal(at(openapi, "info", "title"), "test.v1");
  assert.deepEqual(at(openapi, "servers"), [{ url: "/" }]);
  assert.deepEqual(at(openapi, "security"), []);
  assert.equal(at(openapi, "components", "securitySchemes"), undefined);
  assert.deepEqual([at(swagger, "basePath"), at(swagger, "host")], [undefined, undefined]);
});

test("the operations of a deprecated service are deprecated", async () => {
  const { openapi, swagger } = await describe(`
    service S { option deprecated = true; rpc A(In) returns (In) { option (google.api.http) = {get: "/a"}; } }
    message In {}`);
  assert.equal(at(openapi, "paths", "/a", "get", "deprecated"), true);
  assert.equal(at(swagger, "paths", "/a", "get", "deprecated"), true);
});

test("recursive messages end a query", async () => {
  const { openapi } = await describe(`
    service S { rpc A(Node) returns (Node) { option (google.api.http) = {get: "/a"}; } }
    message Node { string name = 1; Node next = 2; Other other = 3; repeated Node all = 4; }
    message Other { Node back = 1; bytes data = 2; Other other = 3; }`);
  const parameters = at(openapi, "paths", "/a", "get", "parameters") as readonly unknown[];
  assert.deepEqual(
    parameters.map((parameter) => at(parameter, "name") ?? at(parameter, "$ref")),
    ["name", "other.data", "#/components/parameters/Bytes"],
  );
});

test("the parameter `bytes` is left out where it is a field, and where no message holds bytes", async () => {
  const { openapi } = await describe(`
    service S {
      rpc A(Named) returns (Data) { option (google.api.http) = {get: "/a"}; }
      rpc B(Named) returns (Data) { option (google.api.http) = {post: "/b" body: "*"}; }
      rpc C(Plain) returns (Plain) { option (google.api.http) = {get: "/c"}; }
      rpc D(Plain) returns (stream Data) { option (google.api.http) = {post: "/d" body: "*"}; }
    }
    message Named { string bytes = 1; }
    message Plain { string text = 1; }
    message Data { bytes data = 1; }`);
  const chosen = [...operationsIn(openapi)].filter(([, operation]) => JSON.stringify(operation).includes("/Bytes"));
  assert.deepEqual(
    chosen.map(([operation]) => operation),
    ["POST /b", "POST /d", "GET /d"],
  );
});

test("a GET that a rule has is not taken for server-sent events, and streams of bytes are none", async () => {
  const { openapi } = await describe(
    `
    service S {
      rpc A(In) returns (stream In) {
        option (google.api.http) = {post: "/a/{text}" body: "*" additional_bindings {post: "/b" body: "*"}};
      }
      rpc B(In) returns (In) { option (google.api.http) = {get: "/b"}; }
      rpc C(In) returns (stream google.api.HttpBody) { option (google.api.http) = {post: "/c" body: "*"}; }
    }
    message In { string text = 1; string more = 2; }`,
    "",
    ["google/api/httpbody.proto"],
  );
  const sources = [...operationsIn(openapi)].filter(([, operation]) => /_get"/.test(JSON.stringify(operation)));
  assert.deepEqual(
    sources.map(([operation, source]) => [operation, at(source, "parameters", 1, "name"), at(source, "operationId")]),
    [["GET /a/{text}", "more", "S_A_get"]],
  );
});

test("a body without a field that is required, but comes from the path, does not require it", async () => {
  const compiled = await compile(
    {
      "a.proto": `syntax = "proto2"; package p; import "google/api/annotations.proto";
        service S { rpc A(In) returns (In) { option (google.api.http) = {put: "/a/{id}" body: "*"}; } }
        message In { required string id = 1; required string text = 2; }`,
    },
    "openapi=openapi.json",
  );
  const body = at(JSON.parse(compiled.file("openapi.json")), "paths", "/a/{id}", "put", "requestBody");
  assert.deepEqual(at(body, "content", "application/json", "schema"), {
    type: "object",
    required: ["text"],
    properties: { text: { type: "string" } },
  });
});

test("with JSON names, fields have these in bodies, queries and examples", async () => {
  const proto = `syntax = "proto3"; package p; import "google/api/annotations.proto";
    service S {
      rpc A(In) returns (In) { option (google.api.http) = {post: "/a/{my_name}" body: "*"}; }
      rpc B(In) returns (In) { option (google.api.http) = {get: "/b/{my_name=x/*}"}; }
    }
    message In { string my_name = 1; Sub my_sub = 2; oneof o { string one_a = 3; string two = 4 [json_name = "zwei"]; } }
    message Sub { int32 my_number = 1; }`;
  const { model } = await compile({ "p.proto": proto });
  const example = { myName: "x/1", mySub: { myNumber: 2 }, zwei: "two" };
  const settings = { ...EMPTY, examples: { "p.S.A": example, "p.S.B": example } };
  const openapi: unknown = JSON.parse(openapiText(model, settings, parseOptions("json_names=json", new Diagnostics())));
  const body = at(openapi, "paths", "/a/{my_name}", "post", "requestBody", "content", "application/json");
  assert.deepEqual(Object.keys(at(body, "schema", "properties") as object), ["mySub", "oneA", "zwei"]);
  assert.deepEqual(at(body, "schema", "not"), { required: ["oneA", "zwei"] });
  assert.deepEqual(at(body, "example"), { mySub: { myNumber: 2 }, zwei: "two" });
  const parameters = at(openapi, "paths", "/b/x/{x_id}", "get", "parameters") as readonly unknown[];
  assert.deepEqual(
    parameters.map((parameter) => [at(parameter, "name"), at(parameter, "example")]),
    [
      ["x_id", "1"],
      ["mySub.myNumber", 2],
      ["oneA", undefined],
      ["zwei", "two"],
    ],
  );
});
