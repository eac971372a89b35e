import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Compiled, compile } from "../../compile.js";
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

test("hidden=omit says so if it leaves out a service that is asked for", async () => {
  const { warnings } = await compileWith(",hidden=omit,services=v.Closed,services=v.Open");
  assert.deepEqual(warnings, [
    'warning: plugin option services: hidden=omit omits everything in "v.Closed": add one of its labels ' +
      "with the plugin option visibility, or remove hidden=omit",
  ]);
  const parameters = [
    ",services=v.Closed",
    ",hidden=omit,services=v.Closed,visibility=INTERNAL",
    ",hidden=omit,services=v",
  ];
  for (const parameter of parameters) assert.deepEqual((await compileWith(parameter)).warnings, [], parameter);
});

/** Types that are restricted, and fields and RPCs that have them. */
const TYPES = `syntax = "proto3"; package t; import "google/api/annotations.proto"; import "${VISIBILITY}";
  service S {
    rpc A(In) returns (In) { option (google.api.http) = {post: "/a" body: "*"}; }
    rpc B(Secret) returns (In) { option (google.api.http) = {post: "/b" body: "*"}; }
    rpc C(In) returns (Secret) { option (google.api.http) = {post: "/c" body: "*"}; }
    rpc D(In) returns (In) { option (google.api.http) = {get: "/d/{bound.name}/{color}"}; }
  }
  message In {
    string seen = 1;
    Secret secret = 2;
    repeated Secret secrets = 3;
    map<string, Hidden> hidden = 4;
    oneof all { Hidden first = 5; Secret second = 6; }
    oneof some { Hidden third = 7; string fourth = 8; }
    Bound bound = 9;
    Shade color = 10;
    Empty empty = 11;
  }
  message Secret { option (google.api.message_visibility).restriction = "INTERNAL"; string name = 1; }
  message Bound { option (google.api.message_visibility).restriction = "INTERNAL"; string name = 1; Secret secret = 2; }
  enum Hidden { option (google.api.enum_visibility).restriction = "INTERNAL"; HIDDEN = 0; }
  enum Shade { option (google.api.enum_visibility).restriction = "INTERNAL"; DARK = 0; }
  enum Empty { NONE = 0 [(google.api.value_visibility).restriction = "INTERNAL"]; }`;

test("a restricted message or enum, or an enum without a value to see, is nowhere to be seen", async () => {
  const visibility = readFileSync(new URL(`kitchen-sink/${VISIBILITY}`, import.meta.url), "utf8");
  const protos = { [VISIBILITY]: visibility, "t.proto": TYPES };
  const parameter = "openapi=openapi.json,swagger=swagger.json,client=client.ts";
  const describe = ({ file }: Compiled): unknown => {
    const document: unknown = JSON.parse(file("openapi.json"));
    const schemas = Object(at(document, "components", "schemas"));
    return {
      paths: Object.keys(Object(at(document, "paths"))),
      types: Object.keys(schemas).filter((name) => name.startsWith("t.")),
      fields: Object.keys(Object(at(schemas, "t.In", "properties"))),
      bound: Object.keys(Object(at(schemas, "t.Bound", "properties"))),
    };
  };
  const open = await compile(protos, `${parameter},visibility=INTERNAL`);
  assert.deepEqual(describe(open), {
    paths: ["/a", "/b", "/c", "/d/{bound.name}/{color}"],
    types: ["t.Bound", "t.Empty", "t.Hidden", "t.In", "t.Secret", "t.Shade"],
    fields: ["seen", "secret", "secrets", "hidden", "first", "second", "third", "fourth", "bound", "color", "empty"],
    bound: ["name", "secret"],
  });
  const closed = await compile(protos, parameter);
  assert.deepEqual(describe(closed), {
    paths: ["/a", "/d/{bound.name}/{color}"],
    // A route names those.
    types: ["t.Bound", "t.In", "t.Shade"],
    fields: ["seen", "fourth", "bound", "color"],
    bound: ["name"],
  });
  for (const name of ["openapi.json", "swagger.json"]) assert.deepEqual(await mistakesIn(closed.file(name)), []);
  assert.match(closed.file("t.codec.ts"), /SecretCodec/);

  const omitted = await compile(protos, `${parameter},hidden=omit`);
  for (const name of ["t.codec.ts", "t.gateway.ts", "client.ts"]) {
    assert.doesNotMatch(omitted.file(name), /Secret|Hidden|Empty(?!Fields)|NONE/, name);
    assert.match(omitted.file(name), name === "t.gateway.ts" ? /S\.D/ : /Shade/, name);
  }
  assert.match(omitted.file("client.ts"), /Fields<Omit<In, "secret" \| "secrets" \| "hidden" \| "all" \| "empty">>/);
  // What is left out of two files may have one name in both, which ts-proto exports all the same.
  const twice = { ...protos, "u.proto": TYPES.replace("package t;", "package u;").replaceAll('"/', '"/u/') };
  const { errors, file } = await compile(twice, `messages=messages,${parameter},hidden=omit`);
  assert.deepEqual(errors, []);
  assert.match(file("index.ts"), /export \{[^}]*Secret as TSecret,/);
});
