import assert from "node:assert/strict";
import { test } from "node:test";
import type { Binding, Service } from "../../../runtime/core/call/rpc.js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { FakeTransport } from "../http/fake-transport.js";
import { noteRpc } from "../http/notes.js";
import { nodeCodec } from "./messages.js";

function make(binding: Omit<Binding, "method" | "template">, requestStream = false): void {
  const bindings: readonly Binding[] = [
    { method: "POST", template: "/v1/{x}", segments: ["v1", { wildcard: "*" }], ...binding },
  ];
  const rpc = { ...noteRpc("Get", requestStream, false, bindings), request: nodeCodec, response: nodeCodec };
  const service: Service = { name: "test.Notes", rpcs: { get: rpc } };
  createGateway({ services: [service], transport: new FakeTransport() });
}

function variable(...field: readonly string[]): Omit<Binding, "method" | "template"> {
  return { variables: [{ field, start: 1, end: 2 }] };
}

test("a binding that does not fit its messages is rejected when the gateway is made, by its name", () => {
  const cases: readonly (readonly [() => void, string])[] = [
    [() => make({ body: "none" }), "the body of POST /v1/{x}: test.Node has no field none: name one of its fields"],
    [
      () => make({ body: "inNer" }, true),
      'the body of POST /v1/{x}: each message of a stream is one value of the body: use body "*"',
    ],
    [
      () => make({ responseBody: "none" }),
      "the response_body of POST /v1/{x}: test.Node has no field none: name one of its fields",
    ],
    [
      () => make(variable("none")),
      "the path variable {none} of POST /v1/{x}: test.Node has no field none: name one of its fields",
    ],
    [
      () => make(variable("inNer", "none")),
      "the path variable {inNer.none} of POST /v1/{x}: test.Node has no field none: name one of its fields",
    ],
    [
      () => make(variable("inNer")),
      "the path variable {inNer} of POST /v1/{x}: inNer is a message: bind one of its fields, as in {inNer.NAME}",
    ],
    [
      () => make(variable("sizes")),
      "the path variable {sizes} of POST /v1/{x}: sizes is repeated: bind a singular field",
    ],
    [
      () => make(variable("nodes", "node_name")),
      "the path variable {nodes.node_name} of POST /v1/{x}: nodes is repeated: bind a singular field",
    ],
    [
      () => make(variable("by_name")),
      "the path variable {by_name} of POST /v1/{x}: by_name is a map: bind a singular field",
    ],
    [
      () => make(variable("node_name", "x")),
      "the path variable {node_name.x} of POST /v1/{x}: node_name is not a message, so it has no fields: end the name there",
    ],
    [
      () => make(variable("free")),
      "the path variable {free} of POST /v1/{x}: free is a message: bind one of its fields, as in {free.NAME}",
    ],
  ];
  for (const [create, message] of cases) {
    assert.throws(create, { name: "TypeError", message: `test.Notes.Get: ${message}` });
  }
});
