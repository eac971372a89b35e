import assert from "node:assert/strict";
import { test } from "node:test";
import type { Binding, Rpc } from "../../../../runtime/core/call/rpc.js";
import { messageCodec } from "../../../../runtime/core/json/codec.js";
import { field } from "../../../../runtime/core/json/field.js";
import { send } from "../../../http/requests.js";
import { noteRpc } from "../../http/notes.js";
import { type Served, serveNotes } from "../../http/serve-notes.js";

const key = field(1, "key", "bytes");
const value = field(2, "value", "bytes");
const pairCodec = messageCodec({
  name: "test.Pair",
  fields: { key, value },
  toJson(t) {
    let tag = t.next();
    if (tag === key.tag) tag = t.bytes(key);
    if (tag === value.tag) tag = t.bytes(value);
    return tag;
  },
});

const bytes = field(1, "bytes", "bytes");
const blobCodec = messageCodec({
  name: "test.Blob",
  fields: { bytes },
  toJson(t) {
    const tag = t.next();
    return tag === bytes.tag ? t.bytes(bytes) : tag;
  },
});

function rpc(name: string, codec: Rpc["request"], binding: Binding): Rpc {
  return { ...noteRpc(name, false, false, [binding]), request: codec, response: codec };
}

const service = {
  name: "test.Pairs",
  rpcs: {
    find: rpc("Find", pairCodec, {
      method: "GET",
      template: "/v1/pairs/{key}",
      segments: ["v1", "pairs", { wildcard: "*" as const }],
      variables: [{ field: ["key"], start: 2, end: 3 }],
      responseBody: "value",
    }),
    blob: rpc("Blob", blobCodec, { method: "GET", template: "/v1/blob" }),
  },
};

/** Gets a path of a server that responds with the request message. */
async function echoed({ transport, port }: Served, path: string): Promise<string> {
  const answer = send(port, path, "", { method: "GET" });
  const call = await transport.nextUnary();
  call.respond(call.request);
  return (await answer).body;
}

test("path variables, query parameters and a response body are text", async (t) => {
  const served = await serveNotes(t, { services: [service], json: { unknownFields: "reject" } });
  assert.equal(await echoed(served, "/v1/pairs/gr%C3%BCn?bytes=text&value=%F0%9F%98%80+Zm9v"), '"😀 Zm9v"');
  assert.equal(await echoed(served, "/v1/pairs/Zm9v?value=Zm9v"), '"Zm9v"');
  assert.equal(await echoed(served, "/v1/pairs/a?bytes=text"), '""');
});

test("a field named bytes is not the gateway's parameter", async (t) => {
  const served = await serveNotes(t, { services: [service], bytes: "text" });
  assert.equal(await echoed(served, "/v1/blob?bytes=utf8"), '{"bytes":"utf8"}');
});
