import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Compiled, compile } from "../../compile.js";
import { at } from "./document.js";
import { mistakesIn } from "./validators.js";

const OPENAPIV2 = "protoc-gen-openapiv2/options/annotations.proto";
const RESOURCE = "google/api/resource.proto";

function compileWith(proto: string): Promise<Compiled> {
  const read = (file: string): string => readFileSync(new URL(`kitchen-sink/${file}`, import.meta.url), "utf8");
  const imports = ["google/api/annotations.proto", OPENAPIV2, RESOURCE].map((file) => `import "${file}";`).join(" ");
  return compile(
    {
      [OPENAPIV2]: read(OPENAPIV2),
      [RESOURCE]: read(RESOURCE),
      "p.proto": `syntax = "proto3"; package p; ${imports}${proto}`,
    },
    "openapi=openapi.json,swagger=swagger.json",
  );
}

const SWAGGER = "option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger)";
const OPERATION = "option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation)";

const PROTO = `
  ${SWAGGER} = {
    host: "books.example" base_path: "/api" schemes: [HTTPS, HTTP, WSS]
    security_definitions: {
      security: {key: "Basic" value: {type: TYPE_BASIC description: "By name."}}
      security: {key: "Api Key" value: {type: TYPE_API_KEY in: IN_QUERY name: "key"}}
      security: {key: "Login" value: {
        type: TYPE_OAUTH2 flow: FLOW_ACCESS_CODE authorization_url: "https://a.example/auth" token_url: "https://a.example/token"
        scopes: {scope: {key: "read" value: "Reads."}}
      }}
      security: {key: "Broken" value: {type: TYPE_OAUTH2 flow: FLOW_IMPLICIT}}
    }
    security: {security_requirement: {key: "Basic" value: {}} security_requirement: {key: "Api Key" value: {}}}
    security: {security_requirement: {key: "Login" value: {scope: "read"}}}
    responses: {key: "403" value: {description: "Not yours." schema: {json_schema: {ref: ".p.Trouble"}}}}
    responses: {key: "x" value: {description: "No status."}}
  };
  service S {
    rpc A(In) returns (In) { option (google.api.http) = {get: "/a"}; }
    rpc B(In) returns (In) {
      option (google.api.http) = {post: "/b" body: "*"};
      ${OPERATION} = {
        security: {}
        responses: {key: "200" value: {description: "Made." examples: {key: "application/json" value: "{\\"a\\":\\"x\\"}"}}}
        responses: {key: "201" value: {schema: {json_schema: {type: STRING}}}}
        responses: {key: "404" value: {description: "Gone." schema: {json_schema: {ref: ".p.Unknown"}}}}
        responses: {key: "default" value: {description: "Else."}}
      };
    }
  }
  message In { string a = 1; }
  message Trouble { string why = 1; }`;

test("schemes, security and responses of protoc-gen-openapiv2's options are in both descriptions", async () => {
  const compiled = await compileWith(PROTO);
  const openapi: unknown = JSON.parse(compiled.file("openapi.json"));
  const swagger: unknown = JSON.parse(compiled.file("swagger.json"));
  for (const name of ["openapi.json", "swagger.json"])
    assert.deepEqual(await mistakesIn(compiled.file(name)), [], name);

  assert.deepEqual(at(openapi, "servers"), [{ url: "https://books.example/api" }, { url: "http://books.example/api" }]);
  assert.deepEqual(
    [at(swagger, "host"), at(swagger, "basePath"), at(swagger, "schemes")],
    ["books.example", "/api", ["https", "http"]],
  );

  const scopes = { read: "Reads." };
  const [authorizationUrl, tokenUrl] = ["https://a.example/auth", "https://a.example/token"];
  assert.deepEqual(at(openapi, "components", "securitySchemes"), {
    Basic: { type: "http", scheme: "basic", description: "By name." },
    Api_Key: { type: "apiKey", name: "key", in: "query" },
    Login: { type: "oauth2", flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes } } },
  });
  assert.deepEqual(at(swagger, "securityDefinitions"), {
    Basic: { type: "basic", description: "By name." },
    Api_Key: { type: "apiKey", name: "key", in: "query" },
    Login: { type: "oauth2", flow: "accessCode", authorizationUrl, tokenUrl, scopes },
  });
  for (const document of [openapi, swagger]) {
    assert.deepEqual(at(document, "security"), [{ Basic: [], Api_Key: [] }, { Login: ["read"] }]);
    assert.equal(at(document, "paths", "/a", "get", "security"), undefined);
    assert.deepEqual(at(document, "paths", "/b", "post", "security"), []);
    const responses = at(document, "paths", "/b", "post", "responses");
    const texts = Object.entries(Object(responses)).map(([status, response]) => [status, at(response, "description")]);
    assert.deepEqual(Object.fromEntries(texts), {
      "200": "Made.",
      "201": "",
      "403": "Not yours.",
      "404": "Gone.",
      default: "Else.",
    });
    assert.deepEqual(Object.keys(Object(at(document, "paths", "/a", "get", "responses"))), ["200", "403", "default"]);
  }
  const content = ["content", "application/json", "schema"];
  const ofB = (status: string, ...path: readonly string[]): unknown =>
    at(openapi, "paths", "/b", "post", "responses", status, ...path);
  assert.deepEqual(ofB("403", ...content), { $ref: "#/components/schemas/p.Trouble" });
  assert.deepEqual(ofB("201", ...content), { type: "string" });
  assert.deepEqual(ofB("404", ...content), { $ref: "#/components/schemas/google.rpc.Status" });
  assert.deepEqual(ofB("200", ...content), { $ref: "#/components/schemas/p.In" });
  assert.deepEqual(at(swagger, "paths", "/b", "post", "responses", "200", "examples"), {
    "application/json": { a: "x" },
  });
});

test("a base path alone is where the API is", async () => {
  const compiled = await compileWith(`${SWAGGER} = {base_path: "/api"};
    service S { rpc A(In) returns (In) { option (google.api.http) = {get: "/a"}; } } message In {}`);
  assert.deepEqual(at(JSON.parse(compiled.file("openapi.json")), "servers"), [{ url: "/api" }]);
  const swagger: unknown = JSON.parse(compiled.file("swagger.json"));
  assert.deepEqual(
    [at(swagger, "basePath"), at(swagger, "host"), at(swagger, "schemes")],
    ["/api", undefined, undefined],
  );
});

test("resources are said with the names that they have, and so are references to them", async () => {
  const compiled = await compileWith(`
    option (google.api.resource_definition) = {type: "lib.example/Shelf" pattern: "rooms/{room}/shelves/{shelf}"};
    service S { rpc A(Book) returns (Book) { option (google.api.http) = {post: "/a" body: "*"}; } }
    // A book.
    message Book {
      option (google.api.resource) = {type: "lib.example/Book" pattern: "books/{book}" pattern: "shelves/{shelf}/books/{book}"};
      string shelf = 1 [(google.api.resource_reference).type = "lib.example/Shelf"];
      string room = 2 [(google.api.resource_reference).child_type = "lib.example/Shelf"];
      string other = 3 [(google.api.resource_reference).type = "lib.example/Unknown"];
    }`);
  const schema = at(JSON.parse(compiled.file("openapi.json")), "components", "schemas", "p.Book");
  assert.equal(
    at(schema, "description"),
    "A book.\n\nA resource, `lib.example/Book`, named `books/{book}` or `shelves/{shelf}/books/{book}`.",
  );
  const text = (name: string): unknown => at(schema, "properties", name, "description");
  assert.equal(text("shelf"), "The name of a `lib.example/Shelf`: `rooms/{room}/shelves/{shelf}`.");
  assert.equal(text("room"), "The name of the parent of a `lib.example/Shelf`: `rooms/{room}`.");
  assert.equal(text("other"), "The name of a `lib.example/Unknown`.");
});
