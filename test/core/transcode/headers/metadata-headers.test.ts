import assert from "node:assert/strict";
import { validateHeaderName, validateHeaderValue } from "node:http";
import { test } from "node:test";
import fc from "fast-check";
import { MetadataHeaders } from "../../../../runtime/core/transcode/headers/metadata-headers.js";

test("headers are prefixed and written as etcd writes them", () => {
  const headers = new MetadataHeaders().of([
    ["content-type", "application/grpc"],
    ["x-2fa-id", "7"],
    ["several", "a"],
    ["several", "b"],
    ["several", "c"],
    ["blob-bin", Buffer.from([0, 255])],
  ]);
  assert.deepEqual(headers, {
    "Grpc-Metadata-Content-Type": "application/grpc",
    "Grpc-Metadata-X-2fa-Id": "7",
    "Grpc-Metadata-Several": ["a", "b", "c"],
    "Grpc-Metadata-Blob-Bin": "AP8=",
  });
});

test("no server can write a header of its own", () => {
  assert.deepEqual(
    new MetadataHeaders().of([
      ["a", "b\r\nset-cookie: x"],
      ["c\r\nd", "e"],
      ["f: g", "h"],
      ["i", "\u0000"],
      ["j", "ü"],
      ["", "k"],
    ]),
    {},
  );
  assert.deepEqual(new MetadataHeaders().of([["__proto__", "x"]]), { "Grpc-Metadata-__proto__": "x" });
});

test("whatever the metadata, node:http takes the headers", () => {
  const text = fc.string({ unit: "binary", maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.oneof(text, fc.uint8Array()))), (metadata) => {
      for (const [name, value] of Object.entries(new MetadataHeaders().of(metadata))) {
        validateHeaderName(name);
        for (const each of [value].flat()) validateHeaderValue(name, each);
        assert.match(name, /^Grpc-Metadata-./);
      }
    }),
  );
});

test("what does not fit into 8 KiB is left out, whether one value or many, and the rest stays", () => {
  const headers = new MetadataHeaders().of([
    ["first", "a"],
    ["large", "x".repeat(60_000)],
    ["last", "b"],
  ]);
  assert.deepEqual(headers, { "Grpc-Metadata-First": "a", "Grpc-Metadata-Last": "b" });
  const many = new MetadataHeaders().of(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, "0123456789"] as const));
  assert.ok(Object.keys(many).length > 200);
  assert.ok(Object.entries(many).flat().join("").length < 8 * 1024);
});
