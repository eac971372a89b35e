import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readApi } from "../../../../runtime/explorer/page/api/description.js";
import { etcdApi, operationOf } from "./etcd-api.js";

const BASE = new URL("http://127.0.0.1:8080/tools/");

describe("a description", () => {
  it("has each rpc once, with all its paths", () => {
    assert.deepEqual(
      operationOf("Lease_LeaseRevoke").bindings.map(({ path }) => path),
      ["/lease/revoke", "/kv/lease/revoke"],
    );
    assert.equal(
      new Set(etcdApi.operations.map(({ group, name }) => `${group}.${name}`)).size,
      etcdApi.operations.length,
    );
  });

  it("tells streams from unary calls", () => {
    const told = ["KV_Range", "Watch_Watch", "Maintenance_Snapshot", "Lease_LeaseKeepAlive"].map((id) => {
      const { isStream, isRequestStream, hasBytes } = operationOf(id);
      return [isStream, isRequestStream, hasBytes];
    });
    assert.deepEqual(told, [
      [false, false, true],
      [true, true, true],
      [true, false, true],
      [true, true, false],
    ]);
  });

  it("has the paths of its servers, relative to where the API is", () => {
    const servers = (...urls: readonly string[]) =>
      readApi({ openapi: "3.1.0", paths: {}, servers: urls.map((url) => ({ url })) }, BASE).servers.map(
        ({ path }) => path,
      );
    assert.deepEqual(
      etcdApi.servers.map(({ path }) => path),
      ["v3", "v3beta", "v3alpha"],
    );
    assert.deepEqual(servers("/tools/v3/", "v1", "https://elsewhere.example/v2", "."), ["v3", "v1", "v2", ""]);
    assert.deepEqual(servers(), [""]);
  });

  it("leads references to what they stand for, and circles nowhere", () => {
    const api = readApi(
      {
        openapi: "3.1.0",
        paths: {},
        components: { schemas: { "a/b": { type: "string" }, c: { $ref: "#/components/schemas/c" } } },
      },
      BASE,
    );
    assert.deepEqual(api.resolve({ $ref: "#/components/schemas/a~1b" }), { type: "string" });
    for (const name of ["c", "none", "__proto__", "constructor"]) {
      assert.deepEqual(api.resolve({ $ref: `#/components/schemas/${name}` }), {}, name);
    }
  });

  for (const document of [null, [], {}, { openapi: 3, paths: {} }, { swagger: "2.0", paths: {} }]) {
    it(`is not ${JSON.stringify(document)}`, () => {
      assert.throws(() => readApi(document, BASE), {
        name: "TypeError",
        message: "this is not an OpenAPI 3 description",
      });
    });
  }
});
