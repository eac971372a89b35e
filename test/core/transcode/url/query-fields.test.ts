import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Binding } from "../../../../runtime/core/call/rpc.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import type { JsonReadOptions } from "../../../../runtime/core/json/read/json-read-options.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { RequestTranscoder } from "../../../../runtime/core/transcode/request-transcoder.js";
import { noteRpc } from "../../http/notes.js";
import { type GeneratedCodecs, generateCodecs } from "../../json/generated-codecs.js";

const PROTO = `syntax = "proto3"; package q; import "google/protobuf/struct.proto"; import "google/protobuf/wrappers.proto";
  enum Color { RED = 0; GREEN = 1; BLUE = 2; }
  message M {
    string text = 1 [json_name = "search[decoded]"];
    string dotted = 2 [json_name = "a.b"];
    M nested = 3 [json_name = "n.e[s]t"];
    map<string, string> labels = 4 [json_name = "x[y]"];
    map<bool, int32> flags = 5;
    string a = 6;
    repeated string words = 7 [json_name = "words[]"];
    repeated Color colors = 8;
    repeated M others = 9;
    google.protobuf.Value value = 10;
    oneof one { string one_text = 11; bool one_flag = 12; }
    oneof deep { M deep_message = 13; int32 deep_number = 14; }
    repeated google.protobuf.UInt64Value counts = 15;
    map<string, M> by_name = 16;
    string unicode = 17 [json_name = "grün"];
    bytes constructor = 18;
    map<int64, int32> numbers = 19;
  }`;

const GET: Binding = { method: "GET", template: "/v1" };
const BOUND: Binding = {
  method: "POST",
  template: "/v1/{nested.a}",
  segments: ["v1", { wildcard: "*" }],
  variables: [{ field: ["nested", "a"], start: 1, end: 2 }],
  body: "deep_message",
};

describe("query parameters", () => {
  let codecs: GeneratedCodecs;
  before(async () => {
    codecs = await generateCodecs({ "q.proto": PROTO });
  });

  /** The message that a query makes, as JSON, or the text of the error. */
  function read(query: string, options: JsonReadOptions = {}, binding = GET, variables: string[] = []): unknown {
    const request = codecs.codec("q.M");
    const transcoder = new RequestTranscoder(
      { rpc: { ...noteRpc("Get", false, false, [binding]), request }, binding },
      options,
    );
    try {
      const wire = transcoder.wire(Buffer.alloc(0), { variables, req: { url: `/v1?${query}`, headers: {} } });
      return JSON.parse(wireToJson(request, Buffer.from(wire)).toString());
    } catch (error) {
      assert(error instanceof GatewayError, String(error));
      assert.equal(error.code, Status.INVALID_ARGUMENT);
      return error.message;
    }
  }

  it("have JSON names with brackets and dots, encoded or not", () => {
    assert.deepEqual(read("search[decoded]=x"), { text: "x" });
    assert.deepEqual(read("search%5Bdecoded%5D=x"), { text: "x" });
    assert.deepEqual(read("a.b=x&a=y"), { dotted: "x", a: "y" });
    assert.deepEqual(read("n.e[s]t.n.e[s]t.search[decoded]=x&nested.nested.a.b=y"), {
      nested: { nested: { text: "x", dotted: "y" } },
    });
    assert.deepEqual(read("x[y][k]=1&labels[k.l]=2&x[y][]=3&labels[[]]=4"), {
      labels: { k: "1", "k.l": "2", "": "3", "[]": "4" },
    });
    assert.deepEqual(read("words[]=a&words=b"), { words: ["a", "b"] });
    assert.deepEqual(read("gr%C3%BCn=x&constructor=eA=="), { unicode: "x", constructor: "eA==" });
  });

  it("that nearly have such names name no field", () => {
    const strict: JsonReadOptions = { unknownFields: "reject" };
    for (const query of ["search[decode]=x", "search=x", "n.e=x", "b=x", ".=x", "[=x", "=x", "a.b.=x"]) {
      const message = String(read(query, strict));
      assert.match(message, /^query parameter ".*": (q\.M has no field|dotted is a single value)/, query);
    }
    assert.deepEqual(read("search[decode]=x&b=y&[=z"), {});
    assert.match(String(read("x[y]=1")), /labels is a map: write labels\[KEY\]=VALUE/);
    assert.match(String(read("a[b]=1")), /a is not a map, and has no keys/);
  });

  it("of bool maps have the keys that bools have", () => {
    assert.deepEqual(read("flags[1]=7&flags[F]=8"), { flags: { true: 7, false: 8 } });
  });

  it("of maps have each key once, however it is spelled", () => {
    assert.deepEqual(read("numbers[1]=7&numbers[-1]=8&labels[1]=a&labels[1.0]=b"), {
      labels: { "1": "a", "1.0": "b" },
      numbers: { "1": 7, "-1": 8 },
    });
    assert.equal(
      read("flags[1]=1&flags[true]=2"),
      'query parameter "flags[true]": flags already has this key, from query parameter "flags[1]"',
    );
    for (const query of ["numbers[1]=1&numbers[1.0]=2", "numbers[10]=1&numbers[1e1]=2", "numbers[0]=1&numbers[-0]=2"]) {
      assert.match(String(read(query)), /numbers already has this key/, query);
    }
    assert.match(
      String(read("labels[a]=1&x[y][a]=2")),
      /labels already has this key, from query parameter "labels\[a\]"/,
    );
    for (const key of ["01", "%2B1", "0x1", "", "1.5", "9223372036854775808"]) {
      assert.match(String(read(`numbers[${key}]=1`)), /^query parameter "numbers\[/, key);
    }
  });

  it("set what grpc-gateway's do", () => {
    assert.deepEqual(read("colors=BLUE&colors=2&colors=0&value={}&counts=1&counts=2"), {
      colors: ["BLUE", "BLUE", "RED"],
      value: {},
      counts: ["1", "2"],
    });
    for (const value of ["[]", "true", "0", '"x"', "null"]) {
      assert.deepEqual(read(`value=${encodeURIComponent(value)}`), { value: JSON.parse(value) });
    }
    assert.deepEqual(read("nested.nested.nested.words=a&nested.nested.a=b&nested.nested.nested.words=c"), {
      nested: { nested: { a: "b", nested: { words: ["a", "c"] } } },
    });
    assert.deepEqual(read("one_text=x&deep_message.one_flag=true&deepMessage.a=y"), {
      one_text: "x",
      deep_message: { a: "y", one_flag: true },
    });
    assert.deepEqual(read("oneText=x&deepNumber=3"), { one_text: "x", deep_number: 3 });
  });

  it("reject what grpc-gateway's do, by name", () => {
    const cases: readonly (readonly [query: string, problem: RegExp])[] = [
      ["one_text=x&one_flag=true", /"one_flag": second member of the oneof one/],
      ["deep_number=1&deep_message.a=x", /"deep_message\.a": second member of the oneof deep/],
      ["nested.one_text=x&nested.oneFlag=true", /"nested\.oneFlag": second member of the oneof one/],
      ["a=1&a=2", /a already has a value, and is not repeated/],
      ["others.a=1", /others is a repeated message, and has no fields here/],
      ["a.nested=1", /a is a single value, and has no fields here/],
      ["by_name[x]=1", /the values of the map by_name are messages/],
      ["by_name.a=1", /by_name is a map, and has no fields here/],
      ["nested=1", /nested is a message, and a parameter cannot hold it/],
      ["flags[x]=1", /"flags\[x\]"/],
    ];
    for (const [query, problem] of cases) assert.match(String(read(query)), problem, query);
  });

  it("of fields that the path or the body has are passed over, and so is what is in them", () => {
    const query = "nested.a=x&n.e[s]t.a=y&deep_message.a=z&deep_message.nested.a=z&nested.nested.a=w&a=v";
    assert.deepEqual(read(query, {}, BOUND, ["p"]), { a: "v", nested: { a: "p", nested: { a: "w" } } });
    const message = String(read("n.e[s]t.a=y", { unknownFields: "reject" }, BOUND, ["p"]));
    assert.match(message, /the field is bound to the path or the body/);
  });

  it("of a name that is nothing but dots and brackets take no time", () => {
    const begin = process.hrtime.bigint();
    read(`${"[.".repeat(16_000)}=x`);
    read(`${"nested.".repeat(99)}${".[".repeat(15_000)}=x`);
    assert.ok(process.hrtime.bigint() - begin < 5_000_000_000n);
  });
});
