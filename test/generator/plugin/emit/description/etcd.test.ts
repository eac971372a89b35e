import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { services } from "../../../../../generated/index.js";
import type { Service } from "../../../../../runtime/core/call/rpc.js";
import { hasRoute } from "../../../../etcd-server/api.js";
import { at, type Document, operationsIn } from "./document.js";
import { mistakesIn } from "./validators.js";

const openapiText = readFileSync(new URL("../../../../../generated/openapi.json", import.meta.url), "utf8");
const swaggerText = readFileSync(new URL("../../../../../generated/rpc.swagger.json", import.meta.url), "utf8");
const openapi: Document = JSON.parse(openapiText);
const swagger: Document = JSON.parse(swaggerText);

/** Every route that the gateway serves: `POST /v3/kv/range`. */
const ROUTES = Object.values<Service>(services)
  .flatMap((service) => Object.values(service.rpcs))
  .flatMap((rpc) => rpc.bindings.map((binding) => `${binding.method} ${binding.template}`))
  .sort();

for (const [name, text] of [
  ["openapi.json", openapiText],
  ["rpc.swagger.json", swaggerText],
] as const) {
  test(`etcd's ${name} is valid`, async () => {
    assert.deepEqual(await mistakesIn(text), []);
  });

  test(`etcd's ${name} is of a size that tools open with ease`, () => {
    assert.ok(Buffer.byteLength(text) < 256 * 1024);
  });
}

test("OpenAPI has every route, and nothing else, under each prefix", () => {
  const servers = (at(openapi, "servers") as readonly unknown[]).map((server) => at(server, "url"));
  assert.deepEqual(servers, ["/v3", "/v3beta", "/v3alpha"]);
  const operations = [...operationsIn(openapi).keys()].map((operation) => operation.replace(" ", " /v3"));
  assert.deepEqual(operations.filter((operation) => !operation.startsWith("GET ")).sort(), ROUTES);
});

test("OpenAPI has each stream of messages as server-sent events, too", () => {
  const sources = [...operationsIn(openapi)].filter(([operation]) => operation.startsWith("GET "));
  const streams = ["/election/observe", "/lease/keepalive", "/watch"].filter((path) =>
    ROUTES.includes(`POST /v3${path}`),
  );
  assert.deepEqual(
    sources
      .map(([operation]) => operation.replace("GET ", ""))
      .filter((path) => path !== "/maintenance/snapshot")
      .sort(),
    streams,
  );
  for (const [operation, described] of sources) {
    assert.deepEqual(Object.keys(at(described, "responses", "200", "content") as object), ["text/event-stream"]);
    const post = at(openapi, "paths", operation.replace("GET ", ""), "post");
    assert.equal(at(described, "operationId"), `${String(at(post, "operationId"))}_get`);
    assert.match(String(at(described, "description")), /header `Accept: text\/event-stream`.*405/);
    assert.deepEqual(Object.keys(at(post, "responses", "200", "content") as object), [
      "application/json",
      "application/x-ndjson",
      "text/event-stream",
    ]);
  }
  const watch = at(openapi, "paths", "/watch", "get", "parameters") as readonly unknown[];
  assert.ok(watch.some((parameter) => at(parameter, "name") === "create_request.key"));
});

test("OpenAPI has the parameter `bytes` where there are bytes", () => {
  const choosesBytes = (path: string): boolean =>
    JSON.stringify(at(openapi, "paths", path, "post")).includes('"#/components/parameters/Bytes"');
  assert.ok(choosesBytes("/kv/range"));
  assert.ok(choosesBytes("/watch"));
  assert.ok(!choosesBytes("/lease/grant"));
});

test("Swagger has every route, and nothing else", () => {
  assert.deepEqual([...operationsIn(swagger).keys()].sort(), ROUTES);
});

test("both have the same operation ids, each once", () => {
  const ids = (document: Document) =>
    [...operationsIn(document).values()].map((operation) => at(operation, "operationId"));
  const posts = ids(openapi).filter((id) => !String(id).endsWith("_get"));
  assert.deepEqual(ids(swagger), posts);
  assert.equal(new Set(ids(openapi)).size, ids(openapi).length);
  assert.equal(posts.length, ROUTES.length);
});

test("operations have an example, but for those that need something of the very cluster", () => {
  const posts = [...operationsIn(openapi)].filter(([operation]) => operation.startsWith("POST "));
  const without = posts
    .map(([, operation]) => operation)
    .filter((operation) => at(operation, "requestBody", "content", "application/json", "example") === undefined);
  // An older etcd's API has fewer.
  const known = [
    "Cluster_MemberRemove",
    "Cluster_MemberUpdate",
    "Cluster_MemberPromote",
    "Maintenance_MoveLeader",
    "Maintenance_Downgrade",
    "Election_Proclaim",
  ];
  const names = without.map((operation) => at(operation, "operationId"));
  assert.deepEqual(
    names,
    known.filter((name) => names.includes(name)),
  );
});

test("Swagger has the names that etcd's own file has", () => {
  assert.equal(at(swagger, "paths", "/v3/kv/range", "post", "operationId"), "KV_Range");
  assert.equal(at(swagger, "paths", "/v3/kv/lease/revoke", "post", "operationId"), "Lease_LeaseRevoke2");
  assert.deepEqual(at(swagger, "paths", "/v3/kv/range", "post", "parameters", 0), {
    name: "body",
    in: "body",
    required: true,
    schema: { $ref: "#/definitions/etcdserverpbRangeRequest" },
  });
  const stream = at(swagger, "paths", "/v3/watch", "post", "responses", "200", "schema");
  assert.deepEqual(stream, {
    type: "object",
    properties: {
      result: { $ref: "#/definitions/etcdserverpbWatchResponse" },
      error: { $ref: "#/definitions/googlerpcStatus" },
    },
    title: "Stream result of etcdserverpbWatchResponse",
  });
  const definitions = new Set(Object.keys(at(swagger, "definitions") as object));
  const known = [
    "AlarmRequestAlarmAction",
    "CompareCompareResult",
    "CompareCompareTarget",
    "EventEventType",
    "RangeRequestSortOrder",
    "WatchCreateRequestFilterType",
    "authpbPermission",
    "authpbPermissionType",
    "etcdserverpbAlarmType",
    "etcdserverpbResponseHeader",
    "googlerpcStatus",
    "mvccpbKeyValue",
    "protobufAny",
    ...(hasRoute("v3lockpb.Lock.Lock", "/lock/lock") ? ["v3electionpbLeaderKey", "v3lockpbLockRequest"] : []),
    ...(hasRoute("etcdserverpb.Maintenance.Downgrade", "/maintenance/downgrade")
      ? ["DowngradeRequestDowngradeAction", "authpbUserAddOptions"]
      : []),
  ];
  assert.deepEqual(
    known.filter((name) => !definitions.has(name)),
    [],
  );
});

test("Swagger refers to definitions that are there, and has none that nothing refers to", () => {
  const referred = new Set([...swaggerText.matchAll(/"#\/definitions\/([^"]+)"/g)].map((match) => match[1] ?? ""));
  assert.deepEqual([...referred].sort(), Object.keys(at(swagger, "definitions") as object).sort());
});
