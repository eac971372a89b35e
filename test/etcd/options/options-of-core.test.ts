import assert from "node:assert/strict";
import { test } from "node:test";
import { GATEWAY_OPTIONS } from "../../../runtime/core/gateway/gateway-settings.js";
import { pathsOf } from "../../../runtime/core/options/option-group.js";
import { ETCD_GATEWAY_OPTIONS } from "../../../runtime/etcd/options/etcd-gateway-settings.js";

/** The options of `createGateway` that `etcdGateway` sets itself, because etcd's API determines them. */
const OWN = [
  "services",
  "transport",
  "dialects",
  "json.unknownEnumNumbers",
  "json.unknownEnumNames",
  "json.maxDepth",
  "json.mapping",
  "types",
  "aliases",
  "roots",
  "idempotent",
  "timeouts.rpcs",
  "streams.events",
];

test("etcdGateway has every option of createGateway, except those that it sets itself", () => {
  const offered = new Set(pathsOf(ETCD_GATEWAY_OPTIONS).map(({ path }) => path));
  const missing = pathsOf(GATEWAY_OPTIONS).flatMap(({ path }) => (offered.has(path) ? [] : path));
  assert.deepEqual(missing, OWN);
});
