import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { JsonError, type JsonNode, readJsonNodes } from "../../../../runtime/explorer/page/api/json-node.js";

/** The value that a node is, as `JSON.parse` has it. */
function parsed(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.members.map(({ name, value }) => [name, parsed(value)]));
    case "list":
      return node.items.map(parsed);
    case "number":
      return Number(node.digits);
    default:
      return node.value;
  }
}

/** All nodes of a value. */
function nodesIn(node: JsonNode): readonly JsonNode[] {
  const inner =
    node.kind === "list" ? node.items : node.kind === "object" ? node.members.map(({ value }) => value) : [];
  return [node, ...inner.flatMap(nodesIn)];
}

describe("JSON with the places of its values", () => {
  it("is what JSON.parse makes of it, several values one after another", () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 4 }), fc.constantFrom(" ", "\n", "\r\n\t"), (texts, space) => {
        const nodes = readJsonNodes(texts.join(space));
        assert.deepEqual(
          nodes.map(parsed),
          texts.map((text) => JSON.parse(text)),
        );
      }),
    );
  });

  it("has the text of each value at its place", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        for (const node of readJsonNodes(text).flatMap(nodesIn)) {
          assert.deepEqual(JSON.parse(text.slice(node.from, node.to)), parsed(node));
        }
      }),
    );
  });

  it("keeps digits as they are written", () => {
    const [node] = readJsonNodes(" 12345678901234567890.10e+2 ");
    assert.equal(node?.kind === "number" && node.digits, "12345678901234567890.10e+2");
  });

  it("is rejected where JSON.parse rejects it", () => {
    const spoiled = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", '"', "x", "\\", "0"))
      .map(([text, at, mark]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + mark + text.slice(place + 1);
      });
    fc.assert(
      fc.property(spoiled, (text) => {
        let isRight = true;
        try {
          JSON.parse(`[${text}]`);
        } catch {
          isRight = false;
        }
        // Without a comma between them they are several values, which only this reader takes.
        if (isRight && !text.includes(",")) readJsonNodes(text);
        else if (!isRight) {
          try {
            const nodes = readJsonNodes(text);
            assert.notEqual(nodes.length, 1);
          } catch (error) {
            assert.ok(error instanceof JsonError && error.from <= text.length);
          }
        }
      }),
    );
  });

  for (const [text, message, from] of [
    ["{", "expected a member's name in double quotes, got the end of the input", 1],
    ["{a: 1}", 'expected a member\'s name in double quotes, got "a"', 1],
    ['{"a" 1}', 'expected a colon, got "1"', 5],
    ['{"a": 1 "b": 2}', 'expected "," or "}", got "\\""', 8],
    ["[1,]", 'expected a value, got "]"', 3],
    ["[1", 'expected "," or "]", got the end of the input', 2],
    ['"a\nb"', "unterminated string, or invalid escape sequence", 0],
    ["[".repeat(200), "values are nested more than 100 levels deep", 101],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.throws(() => readJsonNodes(text), { name: "SyntaxError", message, from });
    });
  }
});
