import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonText } from "../../../../../generator/plugin/emit/description/format-json.js";
import { operationPath } from "../../../../../generator/plugin/emit/description/operation/operation-path.js";
import { codeList, paragraphs, summaryAndRest } from "../../../../../generator/plugin/emit/description/prose.js";
import { swaggerNames } from "../../../../../generator/plugin/emit/description/swagger/swagger-names.js";
import type { BindingModel, EnumModel, MessageModel, Model } from "../../../../../generator/plugin/model/model.js";
import { parsePathTemplate } from "../../../../../generator/plugin/read/rules/path-template.js";

test("JSON is written as the formatter would", () => {
  const long = "x".repeat(100);
  const value = { a: [1, "b", null], b: {}, c: [], d: [{ e: true }], [long]: ["1234567890"] };
  assert.equal(
    jsonText(value),
    `{
  "a": [1, "b", null],
  "b": {},
  "c": [],
  "d": [
    {
      "e": true
    }
  ],
  "${long}": [
    "1234567890"
  ]
}
`,
  );
});

const SUMMARIES: readonly (readonly [comment: string, summary: string, rest: string])[] = [
  ["", "", ""],
  ["Gets it.", "Gets it", ""],
  ["Gets a key\nor a range. Fails if\nthere is none.", "Gets a key or a range", "Fails if there is none."],
  ["Gets it, e.g. A. Or not.", "Gets it, e.g. A", "Or not."],
  ["Takes 1.5 seconds. `x` is ignored.", "Takes 1.5 seconds", "`x` is ignored."],
  ["Is it there? Tells.", "Is it there?", "Tells."],
  ["No full stop\n\nSecond paragraph.", "No full stop", "Second paragraph."],
];

for (const [comment, summary, rest] of SUMMARIES) {
  test(`the summary of ${JSON.stringify(comment)}`, () => {
    assert.deepEqual(summaryAndRest(comment), { summary, rest });
  });
}

test("wrapped lines of a comment are joined, lists and code are not", () => {
  assert.equal(
    paragraphs("One\ntwo.\n\n- three\n- four\n  five\n1. six\n\nseven:\n    code"),
    "One two.\n\n- three\n- four\n  five\n1. six\n\nseven:\n    code",
  );
});

test("names are listed as in a sentence", () => {
  assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(codeList), [
    "",
    "`a`",
    "`a` and `b`",
    "`a`, `b` and `c`",
  ]);
});

const PATHS: readonly (readonly [template: string, path: string, parameters: readonly string[]])[] = [
  ["/v1/a/b", "/v1/a/b", []],
  ["/v1/{name}", "/v1/{name}", ["name=name"]],
  ["/v1/{a.b}:do", "/v1/{a.b}:do", ["a.b=a.b"]],
  ["/v1/{name=shelves/*}", "/v1/shelves/{shelves_id}", ["shelves_id=name:shelves/{shelves_id}"]],
  ["/v1/{name=a/*/b/*}/c", "/v1/a/{a_id}/b/{b_id}/c", ["a_id=name:a/{a_id}/b/{b_id}", "b_id=name:a/{a_id}/b/{b_id}"]],
  ["/v1/{name=*/x/*}", "/v1/{name}/x/{x_id}", ["name=name:{name}/x/{x_id}", "x_id=name:{name}/x/{x_id}"]],
  ["/v1/{name=*/*}", "/v1/{name}/{name_2}", ["name=name:{name}/{name_2}", "name_2=name:{name}/{name_2}"]],
  ["/v1/{path=**}", "/v1/{path}", ["path=path**"]],
  ["/v1/{path=files/**}:get", "/v1/files/{path}:get", ["path=path:files/{path}**"]],
  ["/v1/*/x/**", "/v1/{segment}/x/{segments}", ["segment=", "segments=**"]],
  ["/v1/{a=x}/{b=x-y/*}", "/v1/x/x-y/{x_y_id}", ["x_y_id=b:x-y/{x_y_id}"]],
];

for (const [template, path, parameters] of PATHS) {
  test(`the path of ${template}`, () => {
    const result = operationPath(binding(template));
    const written = result.parameters.map(
      ({ name, field, pattern, deep }) =>
        `${name}=${field?.join(".") ?? ""}${pattern === undefined ? "" : `:${pattern}`}${deep ? "**" : ""}`,
    );
    assert.deepEqual({ path: result.path, parameters: written }, { path, parameters });
  });
}

test("a path takes over the parameter names of one that differs in nothing else", () => {
  assert.equal(operationPath(binding("/v1/{name=shelves/*}"), ["shelf"]).path, "/v1/shelves/{shelf}");
});

test("Swagger definitions have the names that grpc-gateway gives them", () => {
  const names = swaggerNames(
    modelOf(
      [
        "etcdserverpb.RangeRequest",
        "a.b.Thing",
        "c.b.Thing",
        "authpb.Permission",
        "x.Outer",
        "x.Outer.Status",
        "Alone",
        "p.qZ",
        "pq.Z",
      ],
      ["etcdserverpb.RangeRequest.SortOrder", "authpb.Permission.Type", "x.Outer.Kind"],
    ),
  );
  assert.deepEqual(Object.fromEntries([...names].filter(([name]) => !name.startsWith("google."))), {
    "etcdserverpb.RangeRequest": "etcdserverpbRangeRequest",
    "a.b.Thing": "abThing",
    "c.b.Thing": "cbThing",
    "authpb.Permission": "authpbPermission",
    "x.Outer": "xOuter",
    // `Status` is google.rpc's name too, and `Type` one of descriptor.proto's, so that these need a part more.
    "x.Outer.Status": "xOuterStatus",
    Alone: "Alone",
    "p.qZ": "pqZ",
    "pq.Z": "pq.Z",
    "etcdserverpb.RangeRequest.SortOrder": "RangeRequestSortOrder",
    "authpb.Permission.Type": "authpbPermissionType",
    "x.Outer.Kind": "OuterKind",
  });
});

function binding(template: string): BindingModel {
  return { method: "GET", template, path: parsePathTemplate(template), body: "", responseBody: "" };
}

function modelOf(messages: readonly string[], enums: readonly string[]): Model {
  const element = (name: string) => ({ name, comment: "", deprecated: false, file: "x.proto", localName: name });
  return {
    files: [],
    messages: Object.fromEntries(
      messages.map((name): [string, MessageModel] => [name, { ...element(name), fields: [], extensions: [] }]),
    ),
    enums: Object.fromEntries(
      enums.map((name): [string, EnumModel] => [name, { ...element(name), closed: false, values: [] }]),
    ),
  };
}
