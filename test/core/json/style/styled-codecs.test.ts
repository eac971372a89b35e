import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { jsonToWire } from "../../../../runtime/core/json/read/json-to-wire.js";
import { StyledCodecs } from "../../../../runtime/core/json/style/styled-codecs.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { type GeneratedCodecs, generateCodecs } from "../generated-codecs.js";

const PROTO = `syntax = "proto3"; package s; import "google/protobuf/any.proto"; import "google/protobuf/wrappers.proto";
  enum Color { RED = 0; GREEN = 1; }
  message Leaf { int64 leaf_size = 1; optional string leaf_name = 2; bool is_green = 3 [json_name = "green!"]; }
  message Tree {
    string tree_name = 1;
    Leaf top_leaf = 2;
    repeated Leaf all_leaves = 3;
    map<string, Leaf> by_name = 4;
    repeated int32 ring_widths = 5;
    Color leaf_color = 6;
    bytes raw_bytes = 7;
    oneof fruit { string apple_kind = 8; int32 pear_count = 9; }
    google.protobuf.Any any_thing = 10;
    google.protobuf.Int32Value wrapped_int = 11;
    double tree_height = 12;
    Tree next_tree = 13;
    oneof other { int32 x_one = 14; Leaf y_two = 16; }
    uint64 between = 15;
  }`;

const TREE = {
  tree_name: "a",
  top_leaf: { leaf_size: "1", leaf_name: "", is_green: true },
  all_leaves: [{}, { leaf_size: "2" }],
  by_name: { k_k: { is_green: true } },
  pear_count: 0,
  any_thing: { "@type": "type.googleapis.com/s.Leaf", leaf_name: "b" },
  wrapped_int: 7,
  next_tree: { tree_name: "c" },
};

describe("codecs in a style", () => {
  const generated = new Map<string, GeneratedCodecs>();
  before(async () => {
    for (const names of ["proto", "json"]) {
      for (const defaults of ["omit", "write"]) {
        const codecs = await generateCodecs({ "s.proto": PROTO }, `json_names=${names},defaults=${defaults}`);
        generated.set(`${names} ${defaults}`, codecs);
      }
    }
  });

  function textOf(codecs: GeneratedCodecs, wire: Buffer): string {
    return wireToJson(codecs.codec("s.Tree"), wire, "", "", { types: codecs.types }).toString();
  }

  it("write what codecs write that were generated so, whichever they are made of", () => {
    const some = [...generated.values()][0];
    assert(some !== undefined);
    const styles = ["proto", "json"].flatMap((names) => ["omit", "write"].map((defaults) => ({ names, defaults })));
    const wires = [TREE, {}].map((tree) =>
      jsonToWire(some.codec("s.Tree"), Buffer.from(JSON.stringify(tree)), { types: some.types }),
    );
    const check = (wire: Buffer): void => {
      for (const { names, defaults } of styles) {
        const expected = generated.get(`${names} ${defaults}`);
        assert(expected !== undefined);
        for (const base of generated.values()) {
          const styled = new StyledCodecs({
            names: names === "json" ? "json" : "proto",
            defaults: defaults === "write" ? "write" : "omit",
          });
          const text = wireToJson(styled.of(base.codec("s.Tree")), wire, "", "", { types: styled.types(base.types) });
          assert.equal(text.toString(), textOf(expected, wire));
        }
      }
    };
    wires.forEach(check);
    // Fields in any order, and several members of a oneof, are put in order first.
    const [whole] = wires;
    assert(whole !== undefined);
    const piece = (tree: object): Buffer => jsonToWire(some.codec("s.Tree"), Buffer.from(JSON.stringify(tree)));
    const pieces = [
      piece({ x_one: 1 }),
      piece({ y_two: { leaf_size: "3" } }),
      piece({ between: "4" }),
      piece({ tree_name: "z" }),
      piece({ ring_widths: [1, 2] }),
      piece({ apple_kind: "p" }),
      whole,
    ];
    const orders = fc.shuffledSubarray(pieces, { minLength: 2 });
    fc.assert(
      fc.property(orders, (order) => check(Buffer.concat(order))),
      { numRuns: 40 },
    );
  });

  it("keep what a style leaves out", () => {
    const base = generated.get("json write");
    assert(base !== undefined);
    const wire = jsonToWire(base.codec("s.Leaf"), Buffer.from('{"leafSize":"1"}'));
    const write = (style: object): unknown =>
      JSON.parse(wireToJson(new StyledCodecs(style).of(base.codec("s.Leaf")), wire).toString());
    assert.deepEqual(write({}), { leafSize: "1", "green!": false });
    assert.deepEqual(write({ names: "proto" }), { leaf_size: "1", is_green: false });
    assert.deepEqual(write({ defaults: "omit" }), { leafSize: "1" });
  });
});
