import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Compiled, compile } from "../plugin/compile.js";
import { at } from "./document.js";
import { mistakesIn } from "./validators.js";

const VISIBILITY = "google/api/visibility.proto";

const PROTO = `syntax = "proto3"; package v; import "google/api/annotations.proto"; import "${VISIBILITY}";
  service Open {
    rpc A(In) returns (Out) { option (google.api.http) = {post: "/a" body: "*"}; }
    rpc B(In) returns (Out) {
      option (google.api.http) = {get: "/b/{bound}" response_body: "answer"};
      option (google.api.method_visibility).restriction = "INTERNAL, PREVIEW";
    }
  }
  service Closed {
    option (google.api.api_visibility).restriction = "INTERNAL";
    rpc C(In) returns (Out) { option (google.api.http) = {get: "/c"}; }
  }
  message In {
    string seen = 1;
    string internal = 2 [(google.api.field_visibility).restriction = "INTERNAL"];
    string preview = 3 [(google.api.field_visibility).restriction = "PREVIEW"];
    string bound = 4 [(google.api.field_visibility).restriction = "INTERNAL"];
    string plain = 5 [(google.api.field_visibility).restriction = ""];
  }
  message Out { Color color = 1; Out answer = 2 [(google.api.field_visibility).restriction = "INTERNAL"]; }
  enum Color { RED = 0; GREEN = 1 [(google.api.value_visibility).restriction = "PREVIEW"]; }`;

function compileWith(parameter: string): Promise<Compiled> {
  const visibility = readFileSync(new URL(`kitchen-sink/${VISIBILITY}`, import.meta.url), "utf8");
  return compile(
    { [VISIBILITY]: visibility, "v.proto": PROTO },
    `openapi=openapi.json,swagger=swagger.json${parameter}`,
  );
}

/** What a description shows: its paths, the fields of the request and the values of the enum. */
function shown(compiled: Compiled, name = "openapi.json"): unknown {
  const document: unknown = JSON.parse(compiled.file(name));
  const schemas = name === "openapi.json" ? at(document, "components", "schemas") : at(document, "definitions");
  const prefix = name === "openapi.json" ? "v." : "v";
  return {
    paths: Object.keys(Object(at(document, "paths"))),
    fields: Object.keys(Object(at(schemas, `${prefix}In`, "properties"))),
    values: at(schemas, `${prefix}Color`, "enum"),
  };
}

test("what is restricted is in no description, unless a label allows it", async () => {
  const cases = [
    ["", { paths: ["/a"], fields: ["seen", "plain"], values: ["RED"] }],
    [
      ",visibility=PREVIEW",
      { paths: ["/a", "/b/{bound}"], fields: ["seen", "preview", "bound", "plain"], values: ["RED", "GREEN"] },
    ],
    [
      ",visibility=INTERNAL,visibility=PREVIEW",
      {
        paths: ["/a", "/b/{bound}", "/c"],
        fields: ["seen", "internal", "preview", "bound", "plain"],
        values: ["RED", "GREEN"],
      },
    ],
    [",visibility=OTHER", { paths: ["/a"], fields: ["seen", "plain"], values: ["RED"] }],
  ] as const;
  for (const [parameter, expected] of cases) {
    const compiled = await compileWith(parameter);
    assert.deepEqual(shown(compiled), expected, parameter);
    for (const name of ["openapi.json", "swagger.json"]) {
      assert.deepEqual(await mistakesIn(compiled.file(name)), [], parameter);
    }
    // It is served all the same.
    assert.match(compiled.file("v.gateway.ts"), /"v\.Closed\.C"/);
    assert.match(compiled.file("v.codec.ts"), /internal: field\(2/);
  }
});

test("with hidden=omit the gateway does not have it either", async () => {
  const compiled = await compileWith(",hidden=omit,visibility=PREVIEW");
  const gateway = compiled.file("v.gateway.ts");
  assert.match(gateway, /"v\.Open\.B"/);
  assert.doesNotMatch(gateway, /Closed/);
  const codec = compiled.file("v.codec.ts");
  assert.match(codec, /preview: field\(3/);
  // A route names it.
  assert.match(codec, /bound: field\(4/);
  assert.doesNotMatch(codec, /internal/);
  assert.match(codec, /GREEN: 1/);
  assert.doesNotMatch(compiled.file("index.ts"), /closed/);
});
