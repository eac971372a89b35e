import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { fieldPieces, messagePieces } from "../../../runtime/core/transcode/body/field-pieces.js";
import { withoutFields } from "../../../runtime/core/transcode/url/bound-fields.js";
import { nodeCodec } from "./messages.js";

function wire(...messages: readonly object[]): Buffer {
  return Buffer.concat(messages.map((message) => jsonToWire(nodeCodec, Buffer.from(JSON.stringify(message)))));
}

function fieldOf(name: string): (typeof nodeCodec.fields)[number] {
  const found = nodeCodec.fields.find((field) => field.name === name);
  assert(found !== undefined);
  return found;
}

function without(message: object, ...paths: readonly string[]): Buffer {
  return withoutFields(
    nodeCodec,
    wire(message),
    paths.map((path) => path.split(".").map(fieldOf)),
  );
}

test("fields are taken out of messages, groups among them", () => {
  const message = { node_name: "a", inNer: { node_name: "b", sizes: [1] }, group: { node_name: "c", one: "d" } };
  assert.deepEqual(without(message), wire(message));
  assert.deepEqual(without(message, "nodes", "inNer.nodes"), wire(message));
  assert.deepEqual(without(message, "inNer", "group"), wire({ node_name: "a" }));
  assert.deepEqual(
    without(message, "node_name", "inNer.node_name", "group.one"),
    wire({ inNer: { sizes: [1] }, group: { node_name: "c" } }),
  );
  assert.deepEqual(without({ inNer: { sizes: [1] } }, "inNer.sizes"), wire({ inNer: {} }));
  assert.deepEqual(
    without({ inNer: { inNer: { node_name: "x".repeat(300), sizes: [1] } } }, "inNer.inNer.sizes"),
    wire({ inNer: { inNer: { node_name: "x".repeat(300) } } }),
  );
});

test("the pieces of a field are found wherever they are", () => {
  const pieces = fieldPieces(nodeCodec, fieldOf("sizes"), wire({ sizes: [1], nodes: [{}] }, { sizes: [2] }));
  assert.deepEqual(pieces, wire({ sizes: [1] }, { sizes: [2] }));
  assert.equal(fieldPieces(nodeCodec, fieldOf("sizes"), wire({ node_name: "a" })).length, 0);
});

test("of a oneof, what came before another member does not count", () => {
  const two = fieldOf("two");
  assert.equal(fieldPieces(nodeCodec, two, wire({ two: { node_name: "a" } }, { one: "b" })).length, 0);
  const again = wire({ two: { node_name: "a" } }, { one: "b" }, { two: {} }, { two: { sizes: [1] } });
  assert.deepEqual(fieldPieces(nodeCodec, two, again), wire({ two: {} }, { two: { sizes: [1] } }));
});

test("the message in a field is its pieces, joined", () => {
  const twice = wire({ inNer: { node_name: "a" } }, { sizes: [1] }, { inNer: { node_name: "b" } });
  assert.deepEqual(messagePieces(nodeCodec, fieldOf("inNer"), twice), wire({ node_name: "a" }, { node_name: "b" }));
  assert.deepEqual(messagePieces(nodeCodec, fieldOf("group"), wire({ group: { one: "x" } })), wire({ one: "x" }));
  assert.equal(messagePieces(nodeCodec, fieldOf("inNer"), wire({})), undefined);
});

test("wire that is cut off is rejected", () => {
  const whole = wire({ inNer: { node_name: "abc" } });
  assert.throws(() => fieldPieces(nodeCodec, fieldOf("inNer"), whole.subarray(0, -1)), /bytes left|truncated/);
});
