import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Compiled, compile } from "../../compile.js";

function routesOf({ model }: Compiled): readonly string[] {
  const rpcs = model.files.flatMap((file) => file.services).flatMap((service) => service.rpcs);
  return rpcs.flatMap(({ name, bindings }) => bindings.map((each) => `${name}: ${each.method} ${each.template}`));
}

const BAD = `syntax = "proto3"; import "google/api/annotations.proto";
message Request { string repo = 1; repeated int32 ids = 2; Payload payload = 3; }
message Payload { string input_value = 1; }
service S {
  rpc Validate(Request) returns (Request) {
    option (google.api.http) = { post: "/repositories/{repo}/validate" body: "repo"
      additional_bindings { post: "/validate" body: "*" } };
  }
  rpc List(Request) returns (Request) { option (google.api.http) = { get: "/ids/{ids}" }; }
  rpc Nested(Request) returns (Request) { option (google.api.http) = { post: "/n" body: "payload.input_value" }; }
}`;

const PROBLEMS = [
  [6, 'S.Validate: "repo" is already bound to the path: choose another field for body'],
  [9, 'S.List: the path variable {ids}: "ids" is repeated and cannot be part of a path: bind a singular field'],
  [10, 'S.Nested: body: "payload.input_value" is a nested field: name a field of Request itself'],
] as const;

describe("the plugin option bad_rules", () => {
  it("makes rules that are wrong errors by default", async () => {
    const { errors, files } = await compile({ "m.proto": BAD });
    assert.deepEqual(
      errors.map((line) => line.replace(/:\d+: /, ": ")),
      PROBLEMS.map(([line, message]) => `m.proto:${line}: ${message}`),
    );
    assert.equal(files.length, 0);
  });

  it("leaves their bindings out, and nothing else, with skip", async () => {
    const compiled = await compile({ "m.proto": BAD }, "bad_rules=skip");
    assert.deepEqual(compiled.errors, []);
    assert.deepEqual(
      compiled.warnings.map((line) => line.replace(/:\d+: /, ": ")),
      PROBLEMS.map(([line, message]) => `m.proto:${line}: warning: ${message}; this binding is left out`),
    );
    assert.deepEqual(routesOf(compiled), ["S.Validate: POST /validate"]);
    assert.match(compiled.file("m.gateway.ts"), /list: \{/);
  });
});

describe("the plugin option same_route", () => {
  const proto = `syntax = "proto3"; import "google/api/annotations.proto"; message M { string a = 1; string b = 2; }
service S {
  rpc First(M) returns (M) { option (google.api.http) = { get: "/{a}/x" additional_bindings { get: "/first" } }; }
  rpc Last(M) returns (M) { option (google.api.http) = { get: "/{b}/x" }; }
}`;

  it("says which of several RPCs keeps a route, and the user is told", async () => {
    const first = await compile({ "m.proto": proto });
    assert.deepEqual(routesOf(first), ["S.First: GET /{a}/x", "S.First: GET /first"]);
    assert.match(
      first.warnings.join("\n"),
      /^m\.proto:4:\d+: warning: .* is already a route of S\.First \(m\.proto:3\), which keeps/,
    );

    const last = await compile({ "m.proto": proto }, "same_route=last");
    assert.deepEqual(routesOf(last), ["S.First: GET /first", "S.Last: GET /{b}/x"]);
    assert.match(
      last.warnings.join("\n"),
      /^m\.proto:4:\d+: warning: .* is already a route of S\.First \(m\.proto:3\), which loses/,
    );
  });
});

describe("an API without any rule", () => {
  it("is generated, with a word on it", async () => {
    const { errors, warnings, files } = await compile({
      "m.proto": 'syntax = "proto3"; message M {} service S { rpc R(M) returns (M); }',
    });
    assert.deepEqual(errors, []);
    assert.equal(files.length, 3);
    assert.deepEqual(warnings, [
      "warning: no RPC has an HTTP rule, so the gateway has no routes: add google.api.http options, name a file of rules " +
        "with the plugin option grpc_api_configuration, or set access: { unboundRpcs: true } in the options of createGateway",
    ]);
  });

  it("is nothing to speak of if it has no RPCs", async () => {
    const { warnings } = await compile({ "m.proto": 'syntax = "proto3"; message M {}' });
    assert.deepEqual(warnings, []);
  });
});
