import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { type Api, type Field, NO_API } from "../../../../generator/proto-update/changes/api.js";
import { compareApis } from "../../../../generator/proto-update/changes/api-changes.js";
import { reportChanges } from "../../../../generator/proto-update/changes/change-report.js";
import { apiOf, readFacts, type Version } from "../api-facts.js";

const field = (name: string, number: number, type = "bytes", oneof = ""): Field => ({ name, number, type, oneof });
const messages = (all: Readonly<Record<string, readonly Field[]>>, file = "a.proto"): Api => ({
  ...NO_API,
  messages: new Map(Object.entries(all).map(([name, fields]) => [name, { file, fields }])),
});
const rpcs = (
  all: Readonly<Record<string, readonly [request: string, response: string, ...routes: string[]]>>,
): Api => ({
  ...NO_API,
  rpcs: new Map(
    Object.entries(all).map(([name, [request, response, ...routes]]) => [
      name,
      {
        service: "p.S",
        request: { stream: request.startsWith("stream "), type: request.replace("stream ", "") },
        response: { stream: response.startsWith("stream "), type: response.replace("stream ", "") },
        routes,
      },
    ]),
  ),
});

function changesOf(before: Api, after: Api): string[] {
  return compareApis(before, after).map(({ subject, verb, text }) => `${subject} ${verb} ${text}`);
}

suite("changes of messages and fields", () => {
  test("added and removed", () => {
    assert.deepEqual(
      changesOf(
        messages({ "p.A": [field("a", 1)], "p.Old": [field("x", 1, "int64"), field("y", 2)] }),
        messages({ "p.A": [field("b", 2, "repeated p.B", "o")], "p.B": [] }),
      ),
      [
        "messages added p.B: no fields",
        "messages removed p.Old: x = 1 int64, y = 2 bytes",
        "fields added p.A.b = 2 repeated p.B, in oneof o",
        "fields removed p.A.a = 1 bytes",
      ],
    );
  });

  test("renamed, renumbered, retyped, moved into a oneof", () => {
    const before = [field("a", 1), field("b", 2), field("c", 3, "string"), field("d", 4), field("e", 5, "string")];
    const after = [field("z", 1), field("b", 9), field("c", 3), field("d", 4, "bytes", "o"), field("e", 6, "bytes")];
    assert.deepEqual(changesOf(messages({ "p.A": before }), messages({ "p.A": after })), [
      "fields renamed p.A.z = 1: a -> z",
      "fields renumbered p.A.b: 2 -> 9",
      "fields renumbered p.A.e: 5 -> 6",
      "fields retyped p.A.c = 3: string -> bytes",
      "fields retyped p.A.e = 6: string -> bytes",
      "fields moved p.A.d = 4: in no oneof -> in oneof o",
    ]);
  });

  test("a number that another field has taken over", () => {
    assert.deepEqual(changesOf(messages({ "p.A": [field("a", 1, "string")] }), messages({ "p.A": [field("b", 1)] })), [
      "fields added p.A.b = 1 bytes",
      "fields removed p.A.a = 1 string",
    ]);
  });

  test("moved to another file", () => {
    const fields = { "p.A": [field("a", 1)] };
    assert.deepEqual(changesOf(messages(fields, "a.proto"), messages(fields, "b.proto")), [
      "messages moved p.A: a.proto -> b.proto",
    ]);
  });

  test("a message that only has another name, and nothing where it is used", () => {
    const fields = [field("a", 1), field("b", 2)];
    assert.deepEqual(
      changesOf(
        messages({ "p.Old": fields, "p.User": [field("it", 1, "repeated p.Old")] }),
        messages({ "p.New": fields, "p.User": [field("it", 1, "repeated p.New")] }),
      ),
      ["messages renamed p.Old -> p.New"],
    );
  });

  test("no guess at a new name if there are two", () => {
    const fields = [field("a", 1), field("b", 2)];
    assert.deepEqual(changesOf(messages({ "p.Old": fields }), messages({ "p.New": fields, "p.Newer": fields })), [
      "messages added p.New: a = 1 bytes, b = 2 bytes",
      "messages added p.Newer: a = 1 bytes, b = 2 bytes",
      "messages removed p.Old: a = 1 bytes, b = 2 bytes",
    ]);
  });
});

suite("changes of RPCs and routes", () => {
  test("added, removed and retyped", () => {
    assert.deepEqual(
      changesOf(
        rpcs({ "p.S.A": ["p.A", "p.B"], "p.S.Gone": ["p.A", "p.C", "GET /gone"] }),
        rpcs({ "p.S.A": ["p.A2", "stream p.B"], "p.S.New": ["stream p.D", "p.B", "POST /new", "PUT /new (body: d)"] }),
      ),
      [
        "rpcs added p.S.New (stream p.D) returns (p.B): POST /new, PUT /new (body: d)",
        "rpcs removed p.S.Gone (p.A) returns (p.C): GET /gone",
        "rpcs retyped p.S.A request: p.A -> p.A2",
        "rpcs retyped p.S.A response: p.B -> stream p.B",
      ],
    );
  });

  test("renamed", () => {
    assert.deepEqual(
      changesOf(rpcs({ "p.S.A": ["p.A", "p.B", "POST /a"] }), rpcs({ "p.S.Z": ["p.A", "p.B", "POST /z"] })),
      ["rpcs renamed p.S.A -> p.S.Z", "routes moved p.S.Z: POST /a -> POST /z"],
    );
  });

  test("routes added, removed and moved, by prefix first", () => {
    const changes = compareApis(
      rpcs({ "p.S.A": ["p.A", "p.A", "POST /v1/a", "POST /x"], "p.S.B": ["p.B", "p.B", "POST /v1/b", "POST /v1/c"] }),
      rpcs({ "p.S.A": ["p.A", "p.A", "POST /y/z", "POST /v2/a"], "p.S.B": ["p.B", "p.B", "POST /v1/c", "GET /v1/b"] }),
    );
    assert.deepEqual(changes, [
      { subject: "routes", verb: "moved", text: "p.S.A: POST /x -> POST /y/z" },
      { subject: "routes", verb: "moved", text: "p.S.B: POST /v1/b -> GET /v1/b" },
      { subject: "routes", verb: "moved", text: "p.S.A: POST /v1/a -> POST /v2/a", kind: "from /v1 to /v2" },
    ]);
  });
});

suite("changes of the rest", () => {
  test("enums and their values", () => {
    const enums = (all: Readonly<Record<string, Readonly<Record<string, number>>>>, file = "a.proto"): Api => ({
      ...NO_API,
      enums: new Map(
        Object.entries(all).map(([name, values]) => [
          name,
          { file, values: Object.entries(values).map(([each, number]) => ({ name: each, number })) },
        ]),
      ),
    });
    assert.deepEqual(
      changesOf(
        enums({ "p.E": { A: 0, B: 1, C: 2, D: 3 }, "p.Old": { X: 0, Y: 1 } }),
        enums({ "p.E": { A: 0, Z: 1, C: 7, F: 4 }, "p.New": { X: 0, Y: 1 }, "p.F": { A: 0 } }, "b.proto"),
      ),
      [
        "enums added p.F: A = 0",
        "enums renamed p.Old -> p.New",
        "enums moved p.E: a.proto -> b.proto",
        "enums moved p.New: a.proto -> b.proto",
        "enum values added p.E.F = 4",
        "enum values removed p.E.D = 3",
        "enum values renamed p.E.Z = 1: B -> Z",
        "enum values renumbered p.E.C: 2 -> 7",
      ],
    );
  });

  test("files, services and extensions", () => {
    const extension = { file: "a.proto", number: 1, type: "string", extendee: "p.O" };
    const before: Api = {
      ...NO_API,
      files: new Set(["a.proto", "b.proto"]),
      services: new Map([["p.S", "a.proto"]]),
      extensions: new Map([["p.x", extension]]),
    };
    const after: Api = {
      ...NO_API,
      files: new Set(["c.proto", "b.proto"]),
      services: new Map([["p.S", "c.proto"]]),
      extensions: new Map([["p.x", { ...extension, number: 2, type: "bytes" }]]),
    };
    assert.deepEqual(changesOf(before, after), [
      "files added c.proto",
      "files removed a.proto",
      "services moved p.S: a.proto -> c.proto",
      "extensions renumbered p.x: 1 -> 2",
      "extensions retyped p.x: string of p.O -> bytes of p.O",
    ]);
  });
});

suite("the report", () => {
  test("says so if there is no change", () => {
    assert.equal(
      reportChanges(compareApis(apiOf(readFacts("3.7")), apiOf(readFacts("3.7")))),
      "The API has not changed.\n",
    );
  });

  const pairs: readonly (readonly [Version, Version])[] = [
    ["3.1", "3.2"],
    ["3.2", "3.3"],
    ["3.3", "3.4"],
    ["3.4", "3.5"],
    ["3.5", "3.6"],
    ["3.6", "3.7"],
    ["3.7", "3.8"],
    ["3.7", "3.4"],
  ];
  for (const [from, to] of pairs) {
    test(`from etcd ${from} to ${to}`, () => {
      const golden = readFileSync(new URL(`golden/${from}-to-${to}.txt`, import.meta.url), "utf8");
      const report = reportChanges(compareApis(apiOf(readFacts(from)), apiOf(readFacts(to))));
      assert.deepEqual(report.split("\n"), golden.split("\n"));
    });
  }
});
