import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { test } from "node:test";
import { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import fc from "fast-check";
import { ForwardedHeaders } from "../../../../runtime/core/call/metadata/forwarded-headers.js";
import { requestMetadata } from "../../../../runtime/core/call/metadata/request-metadata.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";

function metadata(headers: IncomingHttpHeaders, forward: readonly string[] = []): unknown {
  return requestMetadata(headers, new ForwardedHeaders(forward)).map(([key, value]) => [
    key,
    typeof value === "string" ? value : Buffer.from(value).toString("hex"),
  ]);
}

test("Authorization and Grpc-Metadata-* are passed on, other headers are not", () => {
  assert.deepEqual(
    metadata({
      host: "a",
      accept: "*/*",
      authorization: "Bearer x.12",
      cookie: "token=y",
      "custom-header": "no",
      "content-type": "application/json",
      "x-forwarded-for": "1.2.3.4",
      "grpc-metadata-token": "x.12",
      "grpc-metadata-custom-header": "a, b",
      "grpc-timeout": "1S",
    }),
    [
      ["authorization", "Bearer x.12"],
      ["token", "x.12"],
      ["custom-header", "a, b"],
    ],
  );
});

test("Authorization goes before Grpc-Metadata-Authorization, which counts without it", () => {
  assert.deepEqual(metadata({ "grpc-metadata-authorization": "b", authorization: "a" }), [["authorization", "a"]]);
  assert.deepEqual(metadata({ "grpc-metadata-authorization": "b" }), [["authorization", "b"]]);
});

const binary: readonly [text: string, hex: string][] = [
  ["AQL6", "0102fa"],
  ["AQL6+v8=", "0102fafaff"],
  ["AQL6+v8", "0102fafaff"],
  ["/w==", "ff"],
  ["", ""],
];
for (const [text, hex] of binary) {
  test(`the -Bin value ${JSON.stringify(text)} is the bytes ${hex}`, () => {
    assert.deepEqual(metadata({ "grpc-metadata-x-bin": text }), [["x-bin", hex]]);
  });
}

test("several -Bin values, joined by Node.js, are told apart", () => {
  assert.deepEqual(metadata({ "grpc-metadata-x-bin": "AQ==, Ag" }), [
    ["x-bin", "01"],
    ["x-bin", "02"],
  ]);
});

for (const text of [
  "A",
  "AQ=",
  "AQ===",
  "=",
  "A Q=",
  "AQ==AQ==",
  "%",
  "AQL6é",
  "AAAAA",
  "====",
  "A=Q=",
  "_w==",
  "AQ==,Ag==",
]) {
  test(`the -Bin value ${JSON.stringify(text)} is rejected by name`, () => {
    assert.throws(() => metadata({ "grpc-metadata-x-bin": text }), {
      name: "GatewayError",
      code: Status.INVALID_ARGUMENT,
      message: /grpc-metadata-x-bin.*base64/,
    });
  });
}

test("what is reserved or concerns the connection is left out", () => {
  const names = [
    "connection",
    "keep-alive",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "proxy-connection",
    "http2-settings",
    "host",
    "content-type",
    "content-length",
    "user-agent",
    "grpc-timeout",
    "grpc-status",
    "grpc-trace-bin",
    ":path",
    ":authority",
    "",
    "a b",
    "a(b",
  ];
  assert.deepEqual(metadata(Object.fromEntries(names.map((name) => [`grpc-metadata-${name}`, "1"]))), []);
});

test("a value that is not printable ASCII is left out", () => {
  const headers = {
    authorization: "tök",
    "grpc-metadata-a": "a\tb",
    "grpc-metadata-b": "\u00ff",
    "grpc-metadata-c": "ok",
  };
  assert.deepEqual(metadata(headers), [["c", "ok"]]);
});

test("headers to forward go under their own names", () => {
  const headers = {
    traceparent: "00-a-b-01",
    "x-list": ["a", "b"],
    "x-none": undefined,
    host: "a",
    connection: "close",
  };
  assert.deepEqual(metadata(headers, ["traceparent", "x-list", "x-none", "x-absent", "host", "connection"]), [
    ["traceparent", "00-a-b-01"],
    ["x-list", "a, b"],
  ]);
});

test("a pattern stands for all headers that begin so, but for none with credentials or of the connection", () => {
  const headers = {
    "x-tenant-id": "1",
    "x-tenant-name": "a",
    "x-tenant": "none",
    "x-other": "b",
    authorization: "token",
    cookie: "a=b",
    "proxy-authorization": "Basic YTpi",
    connection: "close",
    "content-length": "1",
    "grpc-timeout": "1S",
    "grpc-metadata-x-tenant-id": "2",
  };
  assert.deepEqual(metadata(headers, ["X-Tenant-*"]), [
    ["authorization", "token"],
    ["x-tenant-id", "2"],
    ["x-tenant-name", "a"],
  ]);
  assert.deepEqual(metadata(headers, ["a*", "c*", "p*", "g*", "X-*", "x-tenant"]), [
    ["authorization", "token"],
    ["x-tenant-id", "2"],
    ["x-tenant", "none"],
    ["x-tenant-name", "a"],
    ["x-other", "b"],
  ]);
  assert.deepEqual(metadata({ cookie: "a=b" }, ["Cookie"]), [["cookie", "a=b"]]);
});

test("a forwarded -Bin header that is not base64 is rejected by its own name", () => {
  assert.throws(() => metadata({ "x-a-bin": "?" }, ["x-a-bin"]), { message: /^invalid header x-a-bin: / });
  assert.deepEqual(metadata({ "x-a-bin": "AQ==" }, ["X-*"]), [["x-a-bin", "01"]]);
});

/** What a header may hold as Node.js gives it: bytes from 0x20, but 0x7f, and tabs. */
const headerText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
  maxLength: 20,
});

test("whatever the headers, grpc-js takes the metadata, and only a GatewayError is thrown", () => {
  const names = fc.oneof(
    headerText.map((text) => `grpc-metadata-${text.toLowerCase()}`),
    headerText,
    fc.constant("authorization"),
  );
  fc.assert(
    fc.property(fc.dictionary(names, headerText), fc.array(headerText), (headers, forward) => {
      try {
        const grpc = new GrpcMetadata();
        for (const [key, value] of requestMetadata(headers, new ForwardedHeaders(forward))) {
          grpc.add(key, typeof value === "string" ? value : Buffer.from(value));
          assert.ok(!key.startsWith("grpc-") && !key.startsWith(":") && key !== "host" && key !== "te");
        }
      } catch (error) {
        assert.ok(error instanceof GatewayError && error.code === Status.INVALID_ARGUMENT, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("every byte string survives base64, padded or not", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (bytes, padded) => {
      const base64 = Buffer.from(bytes).toString("base64");
      const text = padded ? base64 : base64.replace(/=+$/, "");
      const [entry] = requestMetadata({ "grpc-metadata-x-bin": text }, new ForwardedHeaders([]));
      assert.deepEqual(entry, ["x-bin", Buffer.from(bytes)]);
    }),
  );
});
