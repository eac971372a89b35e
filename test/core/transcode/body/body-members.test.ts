import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Binding } from "../../../../runtime/core/call/rpc.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { RequestTranscoder } from "../../../../runtime/core/transcode/request-transcoder.js";
import { noteRpc } from "../../http/notes.js";
import { type GeneratedCodecs, generateCodecs } from "../../json/generated-codecs.js";

const PROTO = `syntax = "proto3"; package b; import "google/protobuf/struct.proto";
  message In { oneof kind { string name = 1; int32 number = 2; } string other = 3; }
  message M { In inner = 1; map<string, google.protobuf.Value> values = 2; map<string, string> texts = 3; }`;

const WHOLE: Binding = { method: "POST", template: "/v1", body: "*" };
const IN_PATH: Binding = {
  method: "POST",
  template: "/v1/{inner.name}",
  segments: ["v1", { wildcard: "*" }],
  variables: [{ field: ["inner", "name"], start: 1, end: 2 }],
  body: "*",
};
const FIELD: Binding = { ...IN_PATH, body: "inner" };

describe("the members of a body", () => {
  let codecs: GeneratedCodecs;
  before(async () => {
    codecs = await generateCodecs({ "b.proto": PROTO });
  });

  function ask(binding: Binding, body: unknown): unknown {
    const request = codecs.codec("b.M");
    const transcoder = new RequestTranscoder(
      { rpc: { ...noteRpc("Get", false, false, [binding]), request }, binding },
      {},
    );
    try {
      const head = { variables: binding.variables === undefined ? [] : ["p"], req: { url: "/v1", headers: {} } };
      const wire = transcoder.wire(Buffer.from(JSON.stringify(body)), head);
      return JSON.parse(wireToJson(request, Buffer.from(wire)).toString());
    } catch (error) {
      assert(error instanceof GatewayError, String(error));
      return `${error.httpStatus} ${error.message}`;
    }
  }

  it("may be null in a map of Values, but in no other map", () => {
    assert.deepEqual(ask(WHOLE, { values: { a: null, b: [null] } }), { values: { a: null, b: [null] } });
    assert.match(String(ask(WHOLE, { texts: { a: null } })), /^400 texts\["a"\]: .*expected a value other than null/);
  });

  it("cannot be another member of a oneof than the path has, in whatever message it is", () => {
    for (const [binding, body] of [
      [IN_PATH, { inner: { number: 1, other: "o" } }],
      [FIELD, { number: 1, other: "o" }],
    ] as const) {
      assert.match(String(ask(binding, body)), /^400 number: second member of the oneof kind: the path sets name/);
    }
    assert.deepEqual(ask(IN_PATH, { inner: { name: "x", other: "o" } }), { inner: { name: "p", other: "o" } });
    assert.deepEqual(ask(FIELD, { other: "o" }), { inner: { name: "p", other: "o" } });
  });
});
