import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FieldModel, Model } from "../../../../generator/plugin/model/model.js";
import { compile } from "../compile.js";

async function read(proto: string): Promise<Model> {
  const { model, errors } = await compile({ "m.proto": proto });
  assert.deepEqual(errors, []);
  return model;
}

function fieldsOf(model: Model, message: string): Readonly<Record<string, FieldModel>> {
  return Object.fromEntries((model.messages[message]?.fields ?? []).map((field) => [field.name, field]));
}

/** What a field model says beyond its names and type, in a word for each. */
function traits(field: FieldModel | undefined): string {
  if (field === undefined) return "none";
  const { explicitPresence, required, packed, validateUtf8, cardinality, mapKey, oneof, type } = field;
  return [
    cardinality === "singular" ? "" : cardinality,
    mapKey === undefined ? "" : `key:${mapKey}`,
    explicitPresence ? "presence" : "",
    required ? "required" : "",
    packed ? "packed" : "",
    validateUtf8 ? "utf8" : "",
    type.kind === "message" && type.delimited ? "delimited" : "",
    oneof === undefined ? "" : `oneof:${oneof}`,
  ]
    .filter((word) => word !== "")
    .join(" ");
}

function allTraits(model: Model, message: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.values(fieldsOf(model, message)).map((field) => [field.name, traits(field)]));
}

describe("reading fields", () => {
  it("follows proto3", async () => {
    const model = await read(`syntax = "proto3"; message M {
      int32 i = 1; optional int32 o = 2; string s = 3; bytes b = 4; M m = 5; E e = 6;
      repeated int32 ri = 7; repeated int32 re = 8 [packed = false]; repeated string rs = 9; repeated M rm = 10;
      map<string, bytes> ms = 11; map<int32, M> mi = 12;
      oneof one { int32 oi = 13; M om = 14; }
    } enum E { ZERO = 0; }`);
    assert.deepEqual(allTraits(model, "M"), {
      i: "",
      o: "presence",
      s: "utf8",
      b: "",
      m: "presence",
      e: "",
      ri: "repeated packed",
      re: "repeated",
      rs: "repeated utf8",
      rm: "repeated",
      ms: "map key:string utf8",
      mi: "map key:int32",
      oi: "presence oneof:one",
      om: "presence oneof:one",
    });
    assert.equal(model.enums["E"]?.closed, false);
  });

  it("follows proto2", async () => {
    const model = await read(`syntax = "proto2"; message M {
      optional int32 i = 1; required string s = 2; repeated int32 ri = 3; repeated int32 rp = 4 [packed = true];
      optional group G = 5 { optional int32 x = 1; } repeated group H = 6 { optional int32 x = 1; }
      map<string, E> m = 7;
    } enum E { ZERO = 0; }`);
    assert.deepEqual(allTraits(model, "M"), {
      i: "presence",
      s: "presence required",
      ri: "repeated",
      rp: "repeated packed",
      g: "presence delimited",
      h: "repeated delimited",
      m: "map key:string",
    });
    assert.equal(model.enums["E"]?.closed, true);
  });

  it("follows editions and their features", async () => {
    const model = await read(`edition = "2023"; message M {
      int32 i = 1;
      int32 implicit = 2 [features.field_presence = IMPLICIT];
      int32 must = 3 [features.field_presence = LEGACY_REQUIRED];
      repeated int32 r = 4;
      repeated int32 expanded = 5 [features.repeated_field_encoding = EXPANDED];
      M m = 6;
      M group = 7 [features.message_encoding = DELIMITED];
      string s = 8;
      string raw = 9 [features.utf8_validation = NONE];
    }
    enum Open { A = 0; }
    enum Closed { option features.enum_type = CLOSED; B = 1; }`);
    assert.deepEqual(allTraits(model, "M"), {
      i: "presence",
      implicit: "",
      must: "presence required",
      r: "repeated packed",
      expanded: "repeated",
      m: "presence",
      group: "presence delimited",
      s: "presence utf8",
      raw: "presence",
    });
    assert.equal(model.enums["Open"]?.closed, false);
    assert.equal(model.enums["Closed"]?.closed, true);
  });

  it("keeps every scalar type, and the JSON name", async () => {
    const scalars = [
      ...["double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64"],
      ...["fixed32", "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes"],
    ];
    const fields = scalars.map((scalar, index) => `${scalar} f_${scalar} = ${index + 1};`).join(" ");
    const model = await read(`syntax = "proto3"; message M { ${fields} int32 own = 99 [json_name = "OWN"]; }`);
    const read_ = Object.values(fieldsOf(model, "M"));
    assert.deepEqual(
      read_.map(({ type }) => (type.kind === "scalar" ? type.scalar : type.kind)),
      [...scalars, "int32"],
    );
    assert.equal(read_[0]?.jsonName, "fDouble");
    assert.equal(read_.at(-1)?.jsonName, "OWN");
  });
});

describe("reading types", () => {
  it("lists a file's own, and knows those that they reach in other files", async () => {
    const { model } = await compile({
      "m.proto": `syntax = "proto3"; package p; import "google/protobuf/struct.proto"; import "google/protobuf/any.proto";
        message A { message B { message C {} enum F { X = 0; } google.protobuf.Struct s = 1; } enum E { Y = 0; } }
        message D {} message Date {}`,
    });
    assert.deepEqual(model.files[0]?.messages, ["p.A", "p.A.B", "p.A.B.C", "p.D", "p.Date"]);
    assert.deepEqual(model.files[0]?.enums, ["p.A.E", "p.A.B.F"]);
    assert.deepEqual(Object.keys(model.messages).sort(), [
      "google.protobuf.ListValue",
      "google.protobuf.Struct",
      "google.protobuf.Value",
      ...["p.A", "p.A.B", "p.A.B.C", "p.D", "p.Date"],
    ]);
    assert.deepEqual(Object.keys(model.enums).sort(), ["google.protobuf.NullValue", "p.A.B.F", "p.A.E"]);
    assert.equal(model.messages["p.A.B.C"]?.localName, "A_B_C");
    assert.equal(model.messages["p.Date"]?.localName, "DateMessage");
    assert.equal(model.enums["p.A.B.F"]?.localName, "A_B_F");
  });

  it("takes the comments, before an element or behind it", async () => {
    const model = await read(`syntax = "proto3";
      // Detached.

      // Before.
      //   indented
      //
      // after a gap
      message M { // behind the brace
        int32 a = 1; // behind a field
        /* in
         * a block */
        int32 b = 2;
        int32 c = 3;
      }`);
    assert.equal(model.messages["M"]?.comment, "Before.\n  indented\n\nafter a gap");
    const { a, b, c } = fieldsOf(model, "M");
    assert.deepEqual([a?.comment, b?.comment, c?.comment], ["behind a field", "in\na block", ""]);
  });

  it("keeps aliases and negative numbers of enums, and what is deprecated", async () => {
    const model =
      await read(`syntax = "proto3"; message M { option deprecated = true; int32 f = 1 [deprecated = true]; }
      enum E { option allow_alias = true; option deprecated = true; A = 0; B = 0; C = -1; }`);
    assert.deepEqual(
      model.enums["E"]?.values.map(({ name, number }) => `${name}=${number}`),
      ["A=0", "B=0", "C=-1"],
    );
    assert.equal(model.enums["E"]?.deprecated, true);
    assert.equal(model.messages["M"]?.deprecated, true);
    assert.equal(fieldsOf(model, "M")["f"]?.deprecated, true);
  });
});

describe("reading services", () => {
  it("names RPCs as grpc-js does", async () => {
    const names = ["Range", "HashKV", "GetAPIValue", "get_it", "Get2Things", "lowerCamel", "A"];
    const rpcs = names.map((name) => `rpc ${name}(M) returns (M);`).join(" ");
    const model = await read(`syntax = "proto3"; message M {} service MyAPI { ${rpcs} }`);
    const [service] = model.files[0]?.services ?? [];
    assert.equal(service?.constName, "myApi");
    assert.deepEqual(
      service?.rpcs.map((rpc) => rpc.localName),
      ["range", "hashKv", "getApiValue", "getIt", "get2Things", "lowerCamel", "a"],
    );
  });

  it("keeps what an RPC is", async () => {
    const model = await read(`syntax = "proto3"; package p.q; message M {} service S {
      rpc A(M) returns (stream M) { option idempotency_level = NO_SIDE_EFFECTS; }
      rpc B(stream M) returns (M) { option idempotency_level = IDEMPOTENT; option deprecated = true; }
    }`);
    const [a, b] = model.files[0]?.services[0]?.rpcs ?? [];
    assert.deepEqual(a, {
      name: "p.q.S.A",
      localName: "a",
      comment: "",
      deprecated: false,
      path: "/p.q.S/A",
      clientStreaming: false,
      serverStreaming: true,
      noSideEffects: true,
      input: "p.q.M",
      output: "p.q.M",
      bindings: [],
    });
    assert.deepEqual([b?.clientStreaming, b?.serverStreaming, b?.noSideEffects], [true, false, false]);
    assert.equal(b?.deprecated, true);
  });

  it("reads rules of every kind", async () => {
    const model = await read(`syntax = "proto3"; import "google/api/annotations.proto";
      message M { string s = 1; } service S { rpc R(M) returns (M) { option (google.api.http) = {
        selector: "ignored" get: "/1"
        additional_bindings { put: "/2" body: "s" } additional_bindings { post: "/3" body: "*" }
        additional_bindings { delete: "/4" } additional_bindings { patch: "/5" response_body: "s" }
        additional_bindings { custom { kind: "HEAD" path: "/6" } }
        additional_bindings { custom { kind: "*" path: "/7" } }
      }; } }`);
    const bindings = model.files[0]?.services[0]?.rpcs[0]?.bindings ?? [];
    assert.deepEqual(
      bindings.map(({ method, template, body, responseBody }) => [method, template, body, responseBody]),
      [
        ["GET", "/1", "", ""],
        ["PUT", "/2", "s", ""],
        ["POST", "/3", "*", ""],
        ["DELETE", "/4", "", ""],
        ["PATCH", "/5", "", "s"],
        ["HEAD", "/6", "", ""],
        ["*", "/7", "", ""],
      ],
    );
  });
});
