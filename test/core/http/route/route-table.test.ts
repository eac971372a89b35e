import assert from "node:assert/strict";
import { test } from "node:test";
import type { Binding, Segment } from "../../../../runtime/core/call/rpc.js";
import { RouteTable } from "../../../../runtime/core/http/route/route-table.js";

const any: Segment = { wildcard: "*" };

function bind(method: string, template: string, segments?: readonly Segment[], verb?: string): { binding: Binding } {
  return {
    binding: {
      method,
      template,
      ...(segments !== undefined && { segments }),
      ...(verb !== undefined && { verb }),
    },
  };
}

function found(table: RouteTable<{ binding: Binding }>, method: string, path: string): string | undefined {
  const binding = table.find(method, path)?.route.binding;
  return binding && `${binding.method} ${binding.template}`;
}

test("a literal path is found for its method only", () => {
  const table = new RouteTable([bind("POST", "/v3/kv/range"), bind("PUT", "/v3/kv/range"), bind("GET", "/v3/kv")]);
  assert.equal(found(table, "POST", "/v3/kv/range"), "POST /v3/kv/range");
  assert.equal(found(table, "PUT", "/v3/kv/range"), "PUT /v3/kv/range");
  for (const method of ["GET", "HEAD", "OPTIONS", "post", "constructor", ""]) {
    assert.equal(found(table, method, "/v3/kv/range"), undefined);
  }
  assert.deepEqual(table.methodsOf("/v3/kv/range"), ["POST", "PUT"]);
  assert.deepEqual(table.methodsOf("/v3/kv/rang%65"), ["POST", "PUT"]);
  assert.deepEqual(table.methodsOf("/v3/kv/put"), []);
});

test("literal paths are compared decoded, segment by segment", () => {
  const table = new RouteTable([bind("POST", "/v3/kv/range")]);
  for (const path of ["/v3/kv/ra%6Ege", "/%76%33/kv/range", "/v3/kv%2Frange", "/v3/kv%2frang%65"]) {
    assert.equal(found(table, "POST", path), "POST /v3/kv/range", path);
    assert.deepEqual(table.methodsOf(path), ["POST"]);
  }
  const unknown = [
    "/v3%2fkv/range",
    "/v3%2fkv%2frange",
    "%2fv3/kv/range",
    "/v3/kv%2F%2Frange",
    "/v3/kv%2F..%2Fkv%2Frange",
    "/v3/kv/range%2F",
    "/v3/kv/range/",
    "/v3/kv/Range",
    "/v3//kv/range",
    "/v3/./kv/range",
    "/v3/x/../kv/range",
    "/v3/kv/range%00",
  ];
  for (const path of [
    ...unknown,
    "/v3/kv/range;x",
    "/v3/kv/range%20",
    "/v3/kv/range:",
    "/v3/%",
    "/v3/kv/%ff",
    "",
    "*",
  ]) {
    assert.equal(found(table, "POST", path), undefined, path);
    assert.deepEqual(table.methodsOf(path), [], path);
  }
});

test("a slash in a literal segment is not a separator where that is a route", () => {
  const table = new RouteTable([
    bind("GET", "/a/b", ["a", "b"]),
    bind("GET", "/a%2Fb", ["a/b"]),
    bind("GET", "/a%252Fb", ["a%2Fb"]),
    bind("GET", "/a%2Fb:c", ["a/b"], "c"),
  ]);
  assert.equal(found(table, "GET", "/a/b"), "GET /a/b");
  assert.equal(found(table, "GET", "/a%2fb"), "GET /a%2Fb");
  assert.equal(found(table, "GET", "/%61%2F%62"), "GET /a%2Fb");
  assert.equal(found(table, "GET", "/a%252Fb"), "GET /a%252Fb");
  assert.equal(found(table, "GET", "/a%2Fb:c"), "GET /a%2Fb:c");
  assert.deepEqual(table.methodsOf("/a%2Fb"), ["GET", "HEAD"]);
  assert.equal(found(table, "GET", "/a/b:c"), undefined);
});

test("a literal is more specific than any template; an encoded slash is data to a template", () => {
  const table = new RouteTable([
    bind("GET", "/v1/{id}", ["v1", any]),
    bind("GET", "/v1/a"),
    bind("GET", "/v1/a/b"),
    bind("GET", "/v1/{id}:copy", ["v1", any], "copy"),
    bind("GET", "/v1/a:copy", ["v1", "a"], "copy"),
  ]);
  assert.equal(found(table, "GET", "/v1/a"), "GET /v1/a");
  assert.equal(found(table, "GET", "/v1/b"), "GET /v1/{id}");
  assert.equal(found(table, "GET", "/v1/a/b"), "GET /v1/a/b");
  assert.equal(found(table, "GET", "/v1/a%2Fb"), "GET /v1/{id}");
  assert.deepEqual(table.methodsOf("/v1/a%2Fb"), ["GET", "HEAD"]);
  assert.equal(found(table, "GET", "/v1/a:copy"), "GET /v1/a:copy");
  assert.equal(found(table, "GET", "/v1/b:copy"), "GET /v1/{id}:copy");
});

test("a binding to any method yields to one of the request's method", () => {
  const table = new RouteTable([
    bind("*", "/a"),
    bind("GET", "/a"),
    bind("*", "/b/*", ["b", any]),
    bind("GET", "/b/{x}", ["b", any]),
  ]);
  assert.equal(found(table, "GET", "/a"), "GET /a");
  assert.equal(found(table, "PUT", "/a"), "* /a");
  assert.equal(found(table, "GET", "/b/x"), "GET /b/{x}");
  assert.equal(found(table, "PUT", "/b/x"), "* /b/*");
});

test("of two routes with one method and path the first wins", () => {
  const first = bind("POST", "/hash");
  const table = new RouteTable([first, bind("POST", "/hash")]);
  assert.equal(table.find("POST", "/hash")?.route, first);
});

test("the roots are the first segments that are literals", () => {
  const table = new RouteTable([bind("GET", "/v1/a"), bind("GET", "/v2/{x}", ["v2", any]), bind("GET", "/{x}", [any])]);
  assert.deepEqual([...table.roots], ["v1", "v2"]);
});
