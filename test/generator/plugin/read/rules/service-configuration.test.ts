import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type Compiled, compile } from "../../compile.js";

const PROTO = `syntax = "proto3"; package shop.v1; import "google/api/annotations.proto";
message Item { string id = 1; Item inner = 2; repeated string tags = 3; }
service Shop {
  rpc GetItem(Item) returns (Item) { option (google.api.http) = { get: "/annotated/{id}" }; }
  rpc PutItem(Item) returns (Item) { option (google.api.http) = { put: "/annotated/{id}" body: "*" }; }
  rpc Find(Item) returns (Item);
}`;

describe("rules from service configurations", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "rules-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** What comes of files with these texts, called `0.yaml` and so on. */
  async function compileWith(texts: readonly string[], parameter = ""): Promise<Compiled> {
    const files = texts.map((_, index) => path.join(folder, `${index}.yaml`));
    for (const [index, file] of files.entries()) await writeFile(file, texts[index] ?? "");
    const options = files.map((file) => `grpc_api_configuration=${file}`).join(",");
    return compile({ "shop.proto": PROTO }, `${options},${parameter}`);
  }

  function routesOf({ model }: Compiled): Readonly<Record<string, readonly string[]>> {
    const rpcs = model.files.flatMap((file) => file.services).flatMap((service) => service.rpcs);
    return Object.fromEntries(
      rpcs.map(({ name, bindings }) => [
        name.replace(/.*\./, ""),
        bindings.map((each) => [each.method, each.template, each.body, each.responseBody].join(" ").trim()),
      ]),
    );
  }

  /** The diagnostics without the folder's path. */
  function said({ errors, warnings }: Compiled): readonly string[] {
    return [...errors, ...warnings].map((line) => line.replaceAll(`${folder}/`, ""));
  }

  it("replace those of the same RPC's options", async () => {
    const compiled = await compileWith([
      `type: google.api.Service
config_version: 3
name: shop.example.com
documentation: {summary: unread}
http:
  fully_decode_reserved_expansion: true
  rules:
  - selector: shop.v1.Shop.GetItem
    get: /v1/items/{id}
    additional_bindings:
    - post: "/v1/items:get"
      body: "*"
    - custom: {kind: FETCH, path: "/v1/items/{id}"}
      responseBody: inner
  - selector: shop.v1.Shop.Find
    additionalBindings:
    - get: /v1/found/{id}
    patch: /v1/{inner.id=items/*}:find
    body: inner
    response_body: tags
`,
    ]);
    assert.deepEqual(said(compiled), []);
    assert.deepEqual(routesOf(compiled), {
      GetItem: ["GET /v1/items/{id}", "POST /v1/items:get *", "FETCH /v1/items/{id}  inner"],
      PutItem: ["PUT /annotated/{id} *"],
      Find: ["PATCH /v1/{inner.id=items/*}:find inner tags", "GET /v1/found/{id}"],
    });
  });

  it("may be in several files, and several of one RPC all count", async () => {
    const compiled = await compileWith([
      'http: {rules: [{selector: shop.v1.Shop.Find, get: "/v1/a"}]}',
      '{"http": {"rules": [{"selector": "shop.v1.Shop.Find", "get": "/v1/b"}]}}',
    ]);
    assert.deepEqual(said(compiled), []);
    assert.deepEqual(routesOf(compiled)["Find"], ["GET /v1/a", "GET /v1/b"]);
  });

  it("are for RPCs that there are", async () => {
    const rules = ["shop.v1.Shop.Getitem", "shop.v1.Shop.Sell", "shop.v1.Stall.Find", "other.v1.Mixin.Get", "Get"];
    const compiled = await compileWith([
      `http:\n  rules:\n${rules.map((selector) => `  - selector: ${selector}\n    get: /v1/a\n`).join("")}`,
    ]);
    assert.deepEqual(said(compiled), [
      '0.yaml:3:15: selector shop.v1.Shop.Getitem: shop.v1.Shop has no RPC "Getitem": write shop.v1.Shop.GetItem',
      '0.yaml:5:15: selector shop.v1.Shop.Sell: shop.v1.Shop has no RPC "Sell": its RPCs are GetItem, PutItem, Find',
      "0.yaml:7:15: selector shop.v1.Stall.Find: unknown service shop.v1.Stall: the services are shop.v1.Shop",
      "0.yaml:9:15: warning: selector other.v1.Mixin.Get: none of the given proto files has this RPC, " +
        "so the rule is not used",
      "0.yaml:11:15: warning: selector Get: none of the given proto files has this RPC, so the rule is not used",
    ]);
  });

  it("are checked as those in options are, at their places", async () => {
    const compiled = await compileWith([
      `http:
  rules:
  - selector: shop.v1.Shop.Find
    get: /v1/{nothing}
    additional_bindings:
    - post: /v1/{id}
      body: id
    - put: /v1/x
      response_body: none
    - body: "*"
  - get: /v1/a
  - selector: shop.v1.Shop.Find
    get: /v1/a
    put: /v1/a
    bdy: x
    body: 1
  - text
`,
      "http:\n  rules: none\n",
      "- a list\n",
      "http: [\n",
      "title: without rules\n",
      "http: {}\n---\nhttp: {}\n",
    ]);
    assert.deepEqual(said(compiled), [
      "0.yaml:11:5: a rule has no selector: write the full name of an RPC",
      '0.yaml:15:5: a rule has the unknown field "bdy": expected one of get, put, post, delete, patch, selector, custom, body, ' +
        "response_body, additional_bindings, rest_method_name",
      "0.yaml:12:5: a rule has only one pattern, but this rule has get and put: move all but one to additional_bindings",
      "0.yaml:16:11: body must be a string: put it in quotes",
      "0.yaml:17:5: a rule must be a map of names and values",
      "1.yaml:2:10: rules must be a list: write a line with a dash for each entry",
      "2.yaml:1:1: the file must be a map of names and values",
      "2.yaml: missing http.rules: this file has no HTTP rules",
      "3.yaml:2:1: invalid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      "4.yaml: missing http.rules: this file has no HTTP rules",
      "5.yaml:2:1: a second document begins here: write all rules under one http without ---, or write each document " +
        "into a file and name each file with grpc_api_configuration",
      '0.yaml:4:5: shop.v1.Shop.Find: the path variable {nothing}: shop.v1.Item has no field "nothing": ' +
        "its fields are id, inner, tags",
      '0.yaml:7:7: shop.v1.Shop.Find: "id" is already bound to the path: choose another field for body',
      '0.yaml:9:7: shop.v1.Shop.Find: response_body: shop.v1.Item has no field "none": its fields are id, inner, tags',
      "0.yaml:10:7: shop.v1.Shop.Find: the HTTP rule has no pattern: add get, put, post, delete, patch or custom",
    ]);
  });

  it("cost no more than their own bindings with bad_rules=skip, and each mistake is told once", async () => {
    const text = `http:
  rules:
  - selector: shop.v1.Shop.Sell
    get: /v1/sell
  - selector: shop.v1.Stall.Find
    get: /v1/stall
  - selector: shop.v1.Shop.Find
    get: [x]
    additional_bindings:
    - get: /v1/found
    - get: {}
    - none
  - selector: shop.v1.Shop.PutItem
    put: /v1/put
    bdy: x
  - selector: [x]
    get: /v1/x
  - selector: shop.v1.Shop.GetItem
    get: /v1/{id}
`;
    const mistakes = [
      "0.yaml:8:10: get must be a string: put it in quotes",
      "0.yaml:11:12: get must be a string: put it in quotes",
      "0.yaml:12:7: a rule must be a map of names and values",
      '0.yaml:15:5: a rule has the unknown field "bdy": expected one of get, put, post, delete, patch, selector, custom, body, ' +
        "response_body, additional_bindings, rest_method_name",
      "0.yaml:16:15: selector must be a string: put it in quotes",
      '0.yaml:3:15: selector shop.v1.Shop.Sell: shop.v1.Shop has no RPC "Sell": its RPCs are GetItem, PutItem, Find',
      "0.yaml:5:15: selector shop.v1.Stall.Find: unknown service shop.v1.Stall: the services are shop.v1.Shop",
    ];
    assert.deepEqual(said(await compileWith([text])), mistakes);
    const skipped = await compileWith([text], "bad_rules=skip");
    assert.deepEqual(
      said(skipped),
      mistakes.map((line) => `${line.replace(/:\d+: /, "$&warning: ")}; this binding is left out`),
    );
    assert.deepEqual(routesOf(skipped), { GetItem: ["GET /v1/{id}"], PutItem: [], Find: ["GET /v1/found"] });
  });

  it("are in files that can be read", async () => {
    const { errors } = await compile({ "shop.proto": PROTO }, "grpc_api_configuration=nowhere.yaml");
    assert.deepEqual(errors, [
      "nowhere.yaml: cannot read the file of the plugin option grpc_api_configuration: " +
        "ENOENT: no such file or directory, open 'nowhere.yaml'",
    ]);
  });
});
