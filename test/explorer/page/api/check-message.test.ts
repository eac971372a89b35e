import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BytesForm, mistakesOf } from "../../../../runtime/explorer/page/api/check-message.js";
import { etcdApi, operationOf } from "./etcd-api.js";

/** What is wrong with a request, each with the text that it is about. */
function mistakesIn(id: string, text: string, bytes: BytesForm = "text"): readonly string[] {
  const { bindings, isRequestStream } = operationOf(id);
  return mistakesOf(text, { api: etcdApi, schema: bindings[0].body, bytes, isStream: isRequestStream }).map(
    ({ from, to, message }) => `${text.slice(from, to)}: ${message}`,
  );
}

describe("what is wrong with a request", () => {
  for (const [id, text] of [
    ["KV_Range", ""],
    ["KV_Range", '{"key": "a", "rangeEnd": "b", "limit": "5", "revision": 9007199254740993, "sort_order": "DESCEND"}'],
    ["KV_Range", '{"key": {"base64": "/w=="}, "limit": null, "sort_target": 3, "keys_only": true}'],
    ["Watch_Watch", '{"create_request": {"key": "a"}} {"progress_request": {}}'],
    ["Watch_Watch", '{"create_request": {"filters": ["NOPUT"]}}'],
  ] as const) {
    it(`nothing: ${text}`, () => assert.deepEqual(mistakesIn(id, text), []));
  }

  for (const [id, text, ...mistakes] of [
    ["KV_Range", '{"limit": "x"}', '"x": expected an integer'],
    ["KV_Range", '{"limit": 1.5}', "1.5: expected an integer"],
    ["KV_Range", '{"keys_only": 1}', "1: expected true or false"],
    ["KV_Range", '{"sort_order": "UP"}', '"UP": expected one of NONE, ASCEND, DESCEND'],
    ["KV_Range", '{"key": 5}', '5: expected bytes as a string, or as {"base64": "…"}'],
    ["KV_Range", '{"key": {"base64": "*"}}', '{"base64": "*"}: "*" is not valid base64'],
    ["KV_Range", "[]", "[]: expected an object"],
    ["KV_Range", "{} {}", "{}: expected one message: this call is not a stream"],
    ["KV_Range", '{"rangeEnd": "b", "range_end": "c"}', '"range_end": duplicate field range_end'],
    ["Watch_Watch", '{"create_request": {"filters": "NOPUT"}}', '"NOPUT": expected a list'],
    [
      "KV_Compact",
      '{"revision": 1, "physically": 1}',
      '"physically": unknown field "physically": expected one of revision, physical',
    ],
    ["KV_Compact", '{"revision": 1', '1: expected "," or "}", got the end of the input'],
  ] as const) {
    it(`${text}`, () => assert.deepEqual(mistakesIn(id, text), mistakes));
  }

  it("depends on what bytes are", () => {
    assert.deepEqual(mistakesIn("KV_Range", '{"key": "Zm9v"}', "base64"), []);
    assert.deepEqual(mistakesIn("KV_Range", '{"key": "no base64"}', "base64"), [
      '"no base64": "no base64" is not valid base64',
    ]);
    assert.deepEqual(mistakesIn("KV_Range", '{"key": {"base64": "Zm9v"}}', "base64"), [
      '{"base64": "Zm9v"}: expected bytes as a base64 string',
    ]);
  });
});
