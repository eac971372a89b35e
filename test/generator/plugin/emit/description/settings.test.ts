import assert from "node:assert/strict";
import { before, test } from "node:test";
import { openapiText } from "../../../../../generator/plugin/emit/description/openapi/openapi.js";
import { swaggerText } from "../../../../../generator/plugin/emit/description/swagger/swagger.js";
import type { ApiSettings } from "../../../../../generator/plugin/model/api-settings.js";
import type { Model } from "../../../../../generator/plugin/model/model.js";
import { parseOptions } from "../../../../../generator/plugin/plugin-options.js";
import { readApiSettings } from "../../../../../generator/plugin/read/api-settings-file.js";
import { Diagnostics, formatDiagnostic } from "../../../../../generator/plugin/read/diagnostics.js";
import { compile } from "../../compile.js";
import { at } from "./document.js";

const PROTO = `syntax = "proto3"; package shop.v1; import "google/api/annotations.proto";
  service Shop {
    rpc Get(Item) returns (Item) { option (google.api.http) = {get: "/v1/{name=items/*}"}; }
    rpc Health(Item) returns (Item) { option (google.api.http) = {get: "/health"}; }
  }
  message Item { string name = 1; }`;

let model: Model;

before(async () => {
  ({ model } = await compile({ "shop.proto": PROTO }));
});

/** What reading settings comes to: the settings, and what the user is told. */
function read(text: string): { readonly settings: ApiSettings; readonly told: readonly string[] } {
  const diagnostics = new Diagnostics();
  const settings = readApiSettings("api.json", text, model, diagnostics);
  return { settings, told: diagnostics.list.map(formatDiagnostic) };
}

const MISTAKES: readonly (readonly [text: string, told: string])[] = [
  ["[]", "api.json: expected a JSON object with settings"],
  [
    '{"titel": "x"}',
    'api.json: unknown setting "titel": expected one of title, version, description, servers, pathPrefix, token, examples',
  ],
  ['{"title": 1}', 'api.json: invalid setting "title": expected a string'],
  ['{"servers": ["/v1"]}', 'api.json: invalid setting "servers": expected a list of objects'],
  [
    '{"servers": [{"uri": "/v1", "url": "/"}]}',
    'api.json: unknown setting "servers[0].uri": expected one of url, description, dialect',
  ],
  [
    '{"servers": [{"url": "/v1", "dialect": "v3"}]}',
    'api.json: invalid setting "servers[0].dialect": expected grpcGatewayV1 or grpcGatewayV2',
  ],
  ['{"servers": [{}]}', 'api.json: missing setting "servers[0].url"'],
  ['{"pathPrefix": "v1"}', 'api.json: invalid setting "pathPrefix": expected a path such as /v1, or a list of such'],
  [
    '{"pathPrefix": ["/v1", "/v2/"]}',
    'api.json: invalid setting "pathPrefix": expected a path such as /v1, or a list of such',
  ],
  ['{"token": {}}', 'api.json: missing setting "token.header"'],
  [
    '{"examples": {"Shop.Get": {}}}',
    'api.json: warning: an example names the unknown RPC "Shop.Get": expected a full name such as shop.v1.Shop.Get',
  ],
];

for (const [text, told] of MISTAKES) {
  test(`the settings ${text}`, () => {
    assert.deepEqual(read(text).told, [told]);
  });
}

test("settings that are not JSON", () => {
  assert.match(read("{").told.join(), /^api\.json: invalid JSON: /);
});

test("a prefix moves from the paths into the servers; a path without it is served at the root", () => {
  const { settings, told } = read(
    `{"pathPrefix": "/v1", "servers": [{"url": "/v1"}, {"url": "/old", "description": "Old."}]}`,
  );
  assert.deepEqual(told, []);
  const openapi: unknown = JSON.parse(openapiText(model, settings, parseOptions("", new Diagnostics())));
  assert.deepEqual(at(openapi, "servers"), [{ url: "/v1" }, { url: "/old", description: "Old." }]);
  assert.deepEqual(Object.keys(at(openapi, "paths") as object), ["/items/{items_id}", "/health"]);
  assert.deepEqual(at(openapi, "paths", "/health", "servers"), [{ url: "/" }]);
  assert.equal(at(openapi, "paths", "/items/{items_id}", "servers"), undefined);
  const swagger: unknown = JSON.parse(swaggerText(model, settings, parseOptions("", new Diagnostics())));
  assert.deepEqual(Object.keys(at(swagger, "paths") as object), ["/v1/items/{items_id}", "/health"]);
  assert.equal(at(swagger, "basePath"), undefined);
});

test("a prefix without servers is the server", () => {
  assert.deepEqual(read('{"pathPrefix": "/v1"}').settings.servers, [{ url: "/v1", description: "" }]);
});

test("the prefix is the path of a server that the protos have, unless it is given", () => {
  const prefixOf = (text: string): string => read(text).settings.pathPrefix;
  assert.equal(prefixOf('{"servers": [{"url": "/v2"}, {"url": "https://shop.example/v1/"}]}'), "/v1");
  assert.equal(prefixOf('{"servers": [{"url": "/v2"}, {"url": "/"}]}'), "");
  assert.equal(prefixOf('{"servers": [{"url": "/v1"}], "pathPrefix": ""}'), "");
});

test("of several prefixes the one counts that the protos have", () => {
  assert.equal(read('{"pathPrefix": ["/v2", "/v1"]}').settings.pathPrefix, "/v1");
  assert.equal(read('{"pathPrefix": ["/v3", "/v2"]}').settings.pathPrefix, "/v3");
});

test("a plugin option of a description that is wrong says what is right", async () => {
  const compiled = await compile({ "shop.proto": PROTO }, "openapi=/tmp/x.json,swagger=swagger.yaml,api=missing.json");
  const [openapi, swagger, api] = compiled.errors;
  assert.equal(openapi, 'invalid plugin option openapi "/tmp/x.json": expected the relative path of a .json file');
  assert.equal(swagger, 'invalid plugin option swagger "swagger.yaml": expected the relative path of a .json file');
  assert.match(api ?? "", /^missing\.json: cannot read the file of the plugin option api: ENOENT/);
});
