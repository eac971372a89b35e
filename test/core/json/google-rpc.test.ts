import assert from "node:assert/strict";
import { test } from "node:test";
import { GOOGLE_RPC } from "../../../runtime/core/json/google-rpc/detail-types.js";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { AnyCodec } from "../../../runtime/core/json/well-known/any.js";
import { wireToJson } from "../../../runtime/core/json/write/wire-to-json.js";
import { cpuTime } from "../cpu-time.js";
import { generateCodecs } from "./generated-codecs.js";

/** The types as their API declares them. */
const generated = await generateCodecs(
  {
    "google/rpc/all.proto": `
      syntax = "proto3";
      package google.rpc;
      import "google/protobuf/any.proto";
      import "google/protobuf/duration.proto";
      message Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }
      message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
      message RetryInfo { google.protobuf.Duration retry_delay = 1; }
      message DebugInfo { repeated string stack_entries = 1; string detail = 2; }
      message QuotaFailure {
        message Violation {
          string subject = 1; string description = 2; string api_service = 3; string quota_metric = 4;
          string quota_id = 5; map<string, string> quota_dimensions = 6; int64 quota_value = 7;
          optional int64 future_quota_value = 8;
        }
        repeated Violation violations = 1;
      }
      message PreconditionFailure {
        message Violation { string type = 1; string subject = 2; string description = 3; }
        repeated Violation violations = 1;
      }
      message BadRequest {
        message FieldViolation {
          string field = 1; string description = 2; string reason = 3; LocalizedMessage localized_message = 4;
        }
        repeated FieldViolation field_violations = 1;
      }
      message RequestInfo { string request_id = 1; string serving_data = 2; }
      message ResourceInfo { string resource_type = 1; string resource_name = 2; string owner = 3; string description = 4; }
      message Help { message Link { string description = 1; string url = 2; } repeated Link links = 1; }
      message LocalizedMessage { string locale = 1; string message = 2; }`,
  },
  "json_names=json",
);

const SAMPLES: Readonly<Record<string, object>> = {
  Status: {
    code: 5,
    message: "gone",
    details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.500s" }],
  },
  ErrorInfo: { reason: "STOCKOUT", domain: "example.com", metadata: { zone: "a", "": "b" } },
  RetryInfo: { retryDelay: "5s" },
  DebugInfo: { stackEntries: ["a", ""], detail: "b" },
  QuotaFailure: {
    violations: [
      {
        subject: "a",
        description: "b",
        apiService: "c",
        quotaMetric: "d",
        quotaId: "e",
        quotaDimensions: { region: "f" },
        quotaValue: "9007199254740993",
        futureQuotaValue: "0",
      },
      {},
    ],
  },
  PreconditionFailure: { violations: [{ type: "TOS", subject: "a", description: "b" }] },
  BadRequest: {
    fieldViolations: [
      {
        field: "f.name",
        description: "too short",
        reason: "SHORT",
        localizedMessage: { locale: "de", message: "zu kurz" },
      },
    ],
  },
  RequestInfo: { requestId: "a", servingData: "b" },
  ResourceInfo: { resourceType: "a", resourceName: "b", owner: "c", description: "d" },
  Help: { links: [{ description: "a", url: "https://example.com" }] },
  LocalizedMessage: { locale: "de", message: "Hallo" },
};

for (const codec of GOOGLE_RPC) {
  test(`${codec.name} is known without its proto`, () => {
    const json = JSON.stringify(SAMPLES[codec.name.slice("google.rpc.".length)]);
    const wire = jsonToWire(generated.codec(codec.name), Buffer.from(json));
    assert.deepEqual(jsonToWire(codec, Buffer.from(json)), wire);
    assert.equal(wireToJson(codec, wire).toString(), json);

    const any = `{"@type":"type.googleapis.com/${codec.name}",${json.slice(1)}`;
    assert.equal(wireToJson(AnyCodec, jsonToWire(AnyCodec, Buffer.from(any))).toString(), any);
  });
}

test("no type is left out", () => {
  const names = [...generated.types.keys()].filter((name) => /^google\.rpc\.\w+$/.test(name));
  assert.deepEqual(GOOGLE_RPC.map(({ name }) => name).sort(), names.sort());
});

test("a message in many nested ones is read in about the time that it takes in one, wherever their types are", () => {
  const content = `{"value":{"a":[${Array(100_000).fill(0).join()}]},"@type":"x/google.protobuf.Struct"}`;
  const time = (levels: number): number => {
    const text = `${'{"value":'.repeat(levels)}${content}${',"@type":"x/google.protobuf.Any"}'.repeat(levels)}`;
    return cpuTime(() => jsonToWire(AnyCodec, Buffer.from(text)));
  };
  time(1);
  const [one, many] = [time(1), time(90)];
  assert.ok(many < 4 * one + 50, `${many} ms for 90 levels, ${one} ms for one`);
});
