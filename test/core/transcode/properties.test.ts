import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonObject,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import type { Binding, Rpc } from "../../../runtime/core/call/rpc.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { RequestTranscoder } from "../../../runtime/core/transcode/request-transcoder.js";
import { ResponseTranscoder } from "../../../runtime/core/transcode/response-transcoder.js";
import { generateApi } from "./generated-api.js";
import { KITCHEN } from "./kitchen.js";

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
// As text where JSON.stringify would lose it.
const double = fc
  .double()
  .map((value) => (Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value)));
const color = fc.constantFrom("COLOR_UNSPECIFIED", "RED", "GREEN", 7);
const bytes = fc.base64String({ maxLength: 12 });

function list(value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue[]> {
  return fc.array(value, { minLength: 1, maxLength: 4 });
}

function map(key: fc.Arbitrary<string>, value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  return fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
}

const { cook } = fc.letrec<{ cook: JsonObject }>((tie) => ({
  cook: fc
    .record(
      { name: text, age: int32, knives: list(text), asleep: fc.boolean(), teacher: tie("cook") },
      { requiredKeys: ["name"] },
    )
    .map((record): JsonObject => record),
}));

/** What a URL can say of a dish: no empty messages, and no lists or maps of messages. */
const dish: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record(
      {
        name: text,
        salt: int32,
        sugar: int64,
        grains: uint64,
        warmth: int32,
        depth: int64,
        number: uint64,
        balance: int32,
        offset: int64,
        hot: fc.boolean(),
        photo: bytes,
        price: double,
        color,
        tags: list(text),
        sizes: list(int32),
        colors: list(color),
        flags: list(fc.boolean()),
        photos: list(bytes),
        note: text,
        rank: int32,
        cook,
        labels: map(text, text),
        moods: map(int32.map(String), color),
        counts: map(fc.boolean().map(String), int64),
        long_name: text,
      },
      { requiredKeys: [] },
    ),
    fc.oneof(fc.constant({}), fc.record({ bottled: text }), fc.record({ spoons: int32 }), fc.record({ saucier: cook })),
  )
  .map(([fields, sauce]): JsonObject => ({ ...fields, ...sauce }));

/** The query that says what a message's JSON says. */
function queryOf(json: JsonObject, isMap: (name: string) => boolean): string {
  const parameters: string[] = [];
  const add = (name: string, value: JsonValue): void => {
    if (Array.isArray(value)) for (const element of value) add(name, element);
    else if (typeof value !== "object" || value === null) {
      parameters.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value)).replaceAll("%20", "+")}`);
    } else if (isMap(name)) for (const [key, entry] of Object.entries(value)) add(`${name}[${key}]`, entry);
    else for (const [key, member] of Object.entries(value)) add(`${name}.${key}`, member);
  };
  for (const [name, value] of Object.entries(json)) add(name, value);
  return parameters.join("&");
}

describe("what any message becomes", () => {
  let get: Rpc;
  let schema: DescMessage;

  before(async () => {
    const { services, registry } = await generateApi(KITCHEN);
    const found = services[0]?.rpcs["get"];
    const message = registry.getMessage("kitchen.v1.Dish");
    assert(found !== undefined && message !== undefined);
    get = found;
    schema = message;
  });

  function request(binding: Binding, url: string, body = "", variables: readonly string[] = []): JsonValue {
    const transcoder = new RequestTranscoder({ rpc: get, binding }, {});
    return read(transcoder.wire(Buffer.from(body), { variables, req: { url, headers: {} } }));
  }

  const read = (wire: Uint8Array): JsonValue => toJson(schema, fromBinary(schema, wire), { useProtoFieldName: true });
  const normal = (json: JsonValue): JsonValue => toJson(schema, fromJson(schema, json), { useProtoFieldName: true });
  const isMap = (name: string): boolean => schema.fields.some((each) => each.name === name && each.fieldKind === "map");

  it("a query, and the message again", () => {
    const binding: Binding = { method: "GET", template: "/v1/dishes" };
    fc.assert(
      fc.property(dish, (json) => {
        assert.deepEqual(request(binding, `/v1/dishes?${queryOf(json, isMap)}`), normal(json));
      }),
    );
  });

  it("a body, in which the path has the last word", () => {
    const binding: Binding = {
      method: "PUT",
      template: "/v1/{cook.teacher.name}/{salt}",
      segments: ["v1", { wildcard: "*" }, { wildcard: "*" }],
      variables: [
        { field: ["cook", "teacher", "name"], start: 1, end: 2 },
        { field: ["salt"], start: 2, end: 3 },
      ],
      body: "*",
    };
    fc.assert(
      fc.property(dish, text, int32, (json, name, salt) => {
        const cook = json["cook"] ?? {};
        assert(typeof cook === "object" && cook !== null && !Array.isArray(cook));
        const teacher = cook["teacher"] ?? {};
        assert(typeof teacher === "object" && teacher !== null && !Array.isArray(teacher));
        const expected = { ...json, salt, cook: { ...cook, teacher: { ...teacher, name } } };
        assert.deepEqual(request(binding, "/", JSON.stringify(json), [name, String(salt)]), normal(expected));
      }),
    );
  });

  it("a response of one field, however the wire has it", () => {
    fc.assert(
      fc.property(dish, dish, fc.nat(), (first, second, pick) => {
        const wire = Buffer.concat([first, second].map((json) => toBinary(schema, fromJson(schema, json))));
        const expected = read(wire);
        assert(typeof expected === "object" && expected !== null && !Array.isArray(expected));
        const names = Object.keys(expected);
        const name = names[pick % names.length];
        if (name === undefined) return;
        const binding: Binding = { method: "GET", template: "/", responseBody: name };
        const { bytes } = new ResponseTranscoder({ rpc: get, binding }).body(wire);
        assert.deepEqual(JSON.parse(bytes.toString()), expected[name]);
      }),
    );
  });

  it("no query, whatever it is, fails in any other way than it should", () => {
    const transcoder = new RequestTranscoder({ rpc: get, binding: { method: "GET", template: "/" } }, {});
    const name = fc.constantFrom(
      "name",
      "cook",
      "teacher",
      "labels",
      "sizes",
      "[",
      "]",
      ".",
      "=",
      "&",
      "%",
      "+",
      "x",
      "1",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(name).map((parts) => parts.join("")),
        ),
        (query) => {
          try {
            read(transcoder.wire(Buffer.alloc(0), { variables: [], req: { url: `/?${query}`, headers: {} } }));
          } catch (error) {
            assert(error instanceof GatewayError && error.httpStatus === 400, String(error));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
