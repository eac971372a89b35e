import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readApi } from "../../../../../runtime/explorer/page/api/description.js";
import { curlCommand } from "../../../../../runtime/explorer/page/calls/curl.js";
import {
  type Draft,
  exampleDraft,
  requestOf,
} from "../../../../../runtime/explorer/page/calls/request/draft-request.js";
import { etcdApi, operationOf } from "../../api/etcd-api.js";

const BASE = new URL("http://127.0.0.1:8080/");

const books = readApi(
  {
    openapi: "3.1.0",
    paths: {
      "/v1/{name}:copy": {
        get: {
          operationId: "Books_Copy",
          tags: ["Books"],
          parameters: [
            { name: "name", in: "path", schema: { type: "string" } },
            { name: "tag", in: "query", schema: { type: "array" } },
            { name: "page.size", in: "query", schema: { type: "integer" } },
          ],
        },
      },
    },
  },
  BASE,
).operations[0];

describe("the request of a draft", () => {
  it("has the example of the description at first, its bytes as text", () => {
    const draft = exampleDraft(etcdApi, operationOf("KV_Range"));
    assert.equal(draft.bytes, "text");
    assert.equal(JSON.parse(draft.body).key, "foo");
    const { path, method } = requestOf(operationOf("KV_Range"), draft, "v3");
    assert.deepEqual([method, path], ["POST", "/v3/kv/range?bytes=text"]);
  });

  it("puts parameters into the path and the query", () => {
    assert.ok(books !== undefined);
    const draft: Draft = {
      way: "http",
      binding: 0,
      values: { name: "a b/ü?", tag: "x&y\n\nz", "page.size": "" },
      body: "",
      bytes: "text",
    };
    assert.deepEqual(requestOf(books, draft, ""), {
      method: "GET",
      path: "/v1/a%20b/%C3%BC%3F:copy?tag=x%26y&tag=z",
      body: undefined,
    });
    assert.throws(() => requestOf(books, { ...draft, values: {} }, ""), {
      name: "SyntaxError",
      message: "name is part of the path: it must not be empty",
    });
  });
});

describe("the command of a request", () => {
  const request = { method: "POST", path: "/v3/kv/put?bytes=text", body: `{"key": "it's"}` };

  it("keeps what a shell would read otherwise", () => {
    assert.equal(
      curlCommand(request, BASE, false, false),
      `curl 'http://127.0.0.1:8080/v3/kv/put?bytes=text' -d '{"key": "it'\\''s"}'`,
    );
  });

  it("has the method, a token of the shell's, and no waiting in streams", () => {
    assert.equal(
      curlCommand({ ...request, body: " " }, BASE, true, true),
      `curl -N 'http://127.0.0.1:8080/v3/kv/put?bytes=text' -H "Authorization: $TOKEN" -d '{}'`,
    );
    assert.equal(
      curlCommand({ method: "DELETE", path: "/v1/a", body: undefined }, BASE, false, false),
      "curl -X DELETE 'http://127.0.0.1:8080/v1/a'",
    );
  });
});
