import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { etcdClient } from "etcd-gateway/client";
import { requestOf, type Way } from "../../../../runtime/explorer/page/calls/request/draft-request.js";
import { typeScriptOf } from "../../../../runtime/explorer/page/calls/typescript.js";
import { etcdApi, operationOf } from "../api/etcd-api.js";

const baseUrl = "http://127.0.0.1:8080";

/** The call in the code of a request, without what is around it. */
function callOf(
  id: string,
  body: string,
  {
    clients = { ...etcdClient({ baseUrl }) },
    way = "http",
  }: { clients?: Readonly<Record<string, object>>; way?: Way } = {},
): string {
  const operation = operationOf(id);
  const draft = { way, binding: 0, values: {}, body, bytes: "text" } as const;
  const code = typeScriptOf({ api: etcdApi, baseUrl, clients }, operation, draft, requestOf(operation, draft, "v3"));
  return code.split("\n").slice(3).join("\n").trim();
}

describe("the TypeScript of a call", () => {
  it("has the client's types: bigints, bytes, enums", () => {
    assert.equal(
      callOf("KV_Range", '{"key": {"base64": "/wA="}, "limit": 9007199254740993, "sort_order": "DESCEND"}'),
      `const response = await etcd.kv.range({
  key: Uint8Array.of(255, 0),
  limit: 9007199254740993n,
  sort_order: RangeRequest_SortOrder.DESCEND,
});`,
    );
  });

  it("has oneofs, and the names of fields as the client has them", () => {
    assert.equal(
      callOf("KV_Txn", '{"success": [{"requestPut": {"key": "a", "prevKv": true}}]}'),
      `const response = await etcd.kv.txn({
  success: [{ request: { $case: "request_put", value: { key: "a", prev_kv: true } } }],
});`,
    );
  });

  it("reads streams, whose requests are all known", () => {
    assert.equal(
      callOf("Watch_Watch", '{"create_request": {"key": "a"}} {"cancel_request": {"watch_id": 1}}'),
      `for await (const message of etcd.watch.watch({ requests: [
  { request_union: { $case: "create_request", value: { key: "a" } } },
  { request_union: { $case: "cancel_request", value: { watch_id: 1n } } },
] })) {
  console.log(message);
}`,
    );
  });

  it("of another API is a call in JSON", () => {
    assert.equal(
      callOf("KV_Compact", '{"revision": 5}', { clients: {} }),
      `const json = await callJson(channel, { method: "POST", path: "/v3/kv/compaction", body: "{\\"revision\\": 5}" });`,
    );
  });

  it("over WebSocket sends one message after another", () => {
    const body = '{"create_request": {"key": "a"}} {"cancel_request": {"watch_id": 1}}';
    assert.equal(
      callOf("Watch_Watch", body, { way: "websocket" }),
      `const call = etcd.watch.watch();
await call.send({ request_union: { $case: "create_request", value: { key: "a" } } });
await call.send({ request_union: { $case: "cancel_request", value: { watch_id: 1n } } });
for await (const message of call) {
  console.log(message);
}`,
    );
    assert.equal(
      callOf("Watch_Watch", '{"create_request": {}}', { way: "websocket", clients: {} }),
      `const call = socketJson(channel, { path: "/v3/watch?bytes=text" });
await call.send("{\\"create_request\\": {}}");
for await (const message of call) {
  console.log(message);
}`,
    );
  });
});
