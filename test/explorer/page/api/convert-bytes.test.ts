import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { withBytes } from "../../../../runtime/explorer/page/api/convert-bytes.js";
import { etcdApi, operationOf } from "./etcd-api.js";

const schema = operationOf("KV_Txn").bindings[0].body;

describe("bytes in the other form", () => {
  const base64 = `{
  "compare": [{"key": "Zm9v", "target": "VALUE", "value": "/w=="}],
  "success": [{"requestPut": {"key": "Zm9v", "value": "w7w", "lease": "77"}}]
}`;
  const text = `{
  "compare": [{"key": "foo", "target": "VALUE", "value": {"base64": "/w=="}}],
  "success": [{"requestPut": {"key": "foo", "value": "ü", "lease": "77"}}]
}`;

  it("leave all else as it is", () => {
    assert.equal(withBytes(base64, etcdApi, schema, "text"), text);
    assert.equal(withBytes(text, etcdApi, schema, "base64"), base64.replace("w7w", "w7w="));
  });

  it("leave a text that is not JSON, and a value that is not base64", () => {
    for (const wrong of ['{"compare": [', '{"compare": [{"key": "*"}]}', '{"compare": [{"key": 5}]}']) {
      assert.equal(withBytes(wrong, etcdApi, schema, "text"), wrong);
    }
  });

  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        const written = JSON.stringify({ success: [{ request_put: { key: Buffer.from(bytes).toString("base64") } }] });
        const there = withBytes(written, etcdApi, schema, "text");
        assert.equal(withBytes(there, etcdApi, schema, "base64"), written);
      }),
    );
  });
});
