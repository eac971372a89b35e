import assert from "node:assert/strict";
import { test } from "node:test";
import { services } from "../../../generated/index.js";
import type { Service } from "../../../runtime/core/call/rpc.js";
import { RpcName } from "../../../runtime/etcd/api/rpc-names.js";
import { RpcPath } from "../../../runtime/etcd/api/rpc-paths.js";

const RPCS = Object.values<Service>(services).flatMap(({ rpcs }) => Object.entries(rpcs));

/** What the generated code says of the RPCs in a table. */
function generated(table: object, what: (rpc: Service["rpcs"][string]) => string): Record<string, string> {
  return Object.fromEntries(RPCS.filter(([key]) => key in table).map(([key, rpc]) => [key, what(rpc)]));
}

test("the names of RPCs are those of the generated code", () => {
  assert.deepEqual(
    generated(RpcName, ({ name }) => name),
    RpcName,
  );
});

test("so are the gRPC paths", () => {
  assert.deepEqual(
    generated(RpcPath, ({ method }) => method.path),
    RpcPath,
  );
});
