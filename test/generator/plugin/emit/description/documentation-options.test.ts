import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Compiled, compile } from "../../compile.js";
import { at } from "./document.js";
import { mistakesIn } from "./validators.js";

const OPENAPIV2 = "protoc-gen-openapiv2/options/annotations.proto";
const GNOSTIC = "openapiv3/annotations.proto";

/** Compiles a file that imports the options of protoc-gen-openapiv2 and of gnostic. */
function compileWith(proto: string): Promise<Compiled> {
  const options = [OPENAPIV2, GNOSTIC].map((file): [string, string] => [
    file,
    readFileSync(new URL(`kitchen-sink/${file}`, import.meta.url), "utf8"),
  ]);
  const imports = ["google/api/annotations.proto", "google/protobuf/any.proto", OPENAPIV2, GNOSTIC];
  const head = `syntax = "proto3"; package p; ${imports.map((file) => `import "${file}";`).join(" ")}`;
  return compile(
    Object.fromEntries([...options, ["p.proto", head + proto]]),
    "openapi=openapi.json,swagger=swagger.json",
  );
}

test("without a file of settings, title and version are those of the options", async () => {
  const compiled = await compileWith(`
    option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger) = {info: {title: "T" version: "7" license: {url: "https://a.example"}}};
    service S { rpc A(In) returns (In) { option (google.api.http) = {get: "/a"}; } }
    message In {}`);
  for (const name of ["openapi.json", "swagger.json"]) {
    const info = at(JSON.parse(compiled.file(name)), "info");
    assert.equal(at(info, "title"), "T");
    assert.equal(at(info, "version"), "7");
    assert.match(String(at(info, "description")), /^## JSON/);
    // Without a name a license is not valid.
    assert.equal(at(info, "license"), undefined);
  }
});

test("an operation id that another operation has is not given again", async () => {
  const option = (id: string): string =>
    `option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = {operation_id: "${id}"};`;
  const compiled = await compileWith(`
    service S {
      rpc A(In) returns (In) { option (google.api.http) = {get: "/a"}; ${option("S_B")} }
      rpc B(In) returns (In) { option (google.api.http) = {get: "/b"}; ${option("same")} }
      rpc C(In) returns (In) { option (google.api.http) = {get: "/c"}; ${option("same")} }
    }
    message In {}`);
  const document: unknown = JSON.parse(compiled.file("openapi.json"));
  const ids = ["/a", "/b", "/c"].map((path) => at(document, "paths", path, "get", "operationId"));
  assert.deepEqual(ids, ["S_A", "same", "S_C"]);
});

test("an option that has no JSON costs no more than itself", async () => {
  const compiled = await compileWith(`
    service S { rpc A(In) returns (In) { option (google.api.http) = {post: "/a" body: "*"}; } }
    // What it is.
    message In {
      // A text.
      string text = 1 [(openapi.v3.property) = {title: "T" example: {value: {type_url: "x/unknown.Type"}}}];
      string more = 2 [(openapi.v3.property) = {title: "M" example: {yaml: "a: b"} write_only: true}];
    }`);
  for (const name of ["openapi.json", "swagger.json"]) assert.deepEqual(await mistakesIn(compiled.file(name)), []);
  const schemas: unknown = at(JSON.parse(compiled.file("openapi.json")), "components", "schemas", "p.In", "properties");
  assert.deepEqual(schemas, {
    text: { type: "string", description: "A text." },
    more: { type: "string", writeOnly: true, title: "M", example: "a: b" },
  });
});
