import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { noteRpc } from "../../core/http/notes.js";
import { serveNotes } from "../../core/http/serve-notes.js";
import { send } from "../../http/requests.js";
import type { Rows } from "./rows.js";
import { compiled, compiledFiles, optionsFile, routesOf } from "./small-api.js";

/** Rows about the plugin's options. */
export const GENERATING: Rows = {
  "`protoc-gen-grpc-gateway`, `protoc-gen-openapiv2`": async () => {
    const { file } = await compiled("swagger=a.json,openapi=b.json", 'get: "/v1"');
    assert.equal(JSON.parse(file("a.json")).swagger, "2.0");
    assert.match(JSON.parse(file("b.json")).openapi, /^3\.1/);
  },
  "`grpc_api_configuration=FILE`": async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), "rules-"));
    t.after(() => rm(folder, { recursive: true }));
    const rules = path.join(folder, "rules.yaml");
    await writeFile(rules, "type: google.api.Service\nhttp: {rules: [{selector: S.R0, get: /yaml}]}\n");
    assert.deepEqual(routesOf(await compiled(`grpc_api_configuration=${rules}`, "")), ["S.R0 GET /yaml"]);
  },
  "`warn_on_unbound_methods=true`": async () => {
    assert.deepEqual((await compiled("", 'get: "/v1"', "")).warnings, []);
    assert.equal((await compiled("", "", "")).warnings.length, 1);
  },
  "`generate_unbound_methods=true`": async (t) => {
    const services = [{ name: "test.Notes", rpcs: { get: noteRpc("Get", false, false, []) } }];
    const { port, transport } = await serveNotes(t, { services, access: { unboundRpcs: true } });
    const sent = send(port, "/test.Notes/Get", '{"text":"a"}');
    const call = await transport.nextUnary();
    call.respond(call.request);
    assert.equal((await sent).body, '{"text":"a"}');
  },
  "`allow_delete_body=true`": async () => {
    const { warnings } = await compiled("", 'delete: "/v1" body: "*"');
    assert.match(warnings.join("\n"), /the body of a DELETE request has no defined meaning/);
  },
  "`allow_repeated_fields_in_body=true`": async () => {
    assert.deepEqual(routesOf(await compiled("", 'post: "/v1" body: "tags"')), ["S.R0 POST /v1"]);
  },
  "`repeated_path_param_separator`": async () => {
    const skipped = await compiled("bad_rules=skip", 'get: "/v1/{tags}" additional_bindings { get: "/v1" }');
    assert.deepEqual(routesOf(skipped), ["S.R0 GET /v1"]);
  },
  "two RPCs with one route: the last one wins": async () => {
    const rules = ['get: "/v1"', 'get: "/v1"'];
    const first = await compiled("", ...rules);
    assert.deepEqual(routesOf(first), ["S.R0 GET /v1"]);
    assert.equal(first.warnings.length, 1);
    assert.deepEqual(routesOf(await compiled("same_route=last", ...rules)), ["S.R1 GET /v1"]);
  },
  "`allow_merge=true`": async () => {
    const other =
      'syntax = "proto3"; package o; import "google/api/annotations.proto"; message M {} service T { rpc R(M) returns (M) { option (google.api.http) = { get: "/o" }; } }';
    const mine = other.replace("package o;", "package m;").replace("/o", "/m");
    const { file } = await compiledFiles("openapi=a.json", { "m.proto": mine, "o.proto": other });
    assert.deepEqual(Object.keys(JSON.parse(file("a.json")).paths), ["/m", "/o"]);
  },
  "`openapiv2_*` options in protos": async () => {
    const options = "protoc-gen-openapiv2/options/annotations.proto";
    const { file } = await compiledFiles("openapi=a.json", {
      ...optionsFile(options),
      "m.proto": `syntax = "proto3"; import "${options}";
        option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_swagger) = { info: { title: "Mine" version: "2" } };`,
    });
    assert.equal(JSON.parse(file("a.json")).info.title, "Mine");
  },
  "`openapi_configuration=FILE`": async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), "api-"));
    t.after(() => rm(folder, { recursive: true }));
    const settings = path.join(folder, "api.json");
    await writeFile(settings, '{"title":"Mine","version":"2"}');
    const { file } = await compiled(`openapi=a.json,api=${settings}`, 'get: "/v1"');
    assert.equal(JSON.parse(file("a.json")).info.title, "Mine");
  },
  "`visibility_restriction_selectors=X`": async () => {
    const options = "google/api/visibility.proto";
    const files = {
      ...optionsFile(options),
      "m.proto": `syntax = "proto3"; import "google/api/annotations.proto"; import "${options}"; message M {}
        service S { option (google.api.api_visibility).restriction = "X";
          rpc R(M) returns (M) { option (google.api.http) = { get: "/v1" }; } }`,
    };
    const paths = async (parameter: string): Promise<readonly string[]> =>
      Object.keys(JSON.parse((await compiledFiles(parameter, files)).file("a.json")).paths);
    assert.deepEqual(await paths("openapi=a.json"), []);
    assert.deepEqual(await paths("openapi=a.json,visibility=X"), ["/v1"]);
  },
};
