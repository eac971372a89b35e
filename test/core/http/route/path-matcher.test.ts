import assert from "node:assert/strict";
import { test } from "node:test";
import type { Binding, PathVariable, Segment } from "../../../../runtime/core/call/rpc.js";
import { PathMatcher } from "../../../../runtime/core/http/route/path-matcher.js";
import { cpuTime } from "../../cpu-time.js";

const any = { wildcard: "*" } as const;
const deep = { wildcard: "**" } as const;

function template(segments: readonly Segment[], options: Partial<Binding> = {}): Binding {
  const text = segments.map((segment) => (typeof segment === "string" ? segment : segment.wildcard)).join("/");
  const verb = options.verb === undefined ? "" : `:${options.verb}`;
  return { method: "GET", template: `/${text}${verb}`, segments, ...options };
}

function variable(start: number, end: number): PathVariable {
  return { field: [`from${start}`], start, end };
}

/** What a path matches: the template and the variables' values; `undefined` for nothing. */
function match(templates: readonly Binding[], path: string): readonly [string, ...string[]] | undefined {
  const matcher = new PathMatcher(templates.map((binding) => ({ binding, value: binding.template })));
  const found = matcher.match(path, () => true);
  return found && [found.value, ...found.variables];
}

/** Checks that the order of the templates does not matter. */
function assertMatch(templates: readonly Binding[], path: string, expected: readonly string[] | undefined): void {
  assert.deepEqual(match(templates, path), expected, path);
  assert.deepEqual(match(templates.toReversed(), path), expected, `${path}, templates reversed`);
}

test("* matches one segment that is not empty, ** any number", () => {
  const templates = [template(["a", any]), template(["b", deep]), template(["c", deep, "z"])];
  assertMatch(templates, "/a/x", ["/a/*"]);
  for (const path of ["/a", "/a/", "/a/x/y", "/a/x/", "//a/x", "a/x", "/A/x", ""]) {
    assertMatch(templates, path, undefined);
  }
  for (const path of ["/b", "/b/", "/b/x", "/b/x/y", "/b//x"]) assertMatch(templates, path, ["/b/**"]);
  for (const path of ["/c/z", "/c/x/z", "/c/x/y/z", "/c/z/z"]) assertMatch(templates, path, ["/c/**/z"]);
  for (const path of ["/c", "/c/x", "/z", "/c/z/x"]) assertMatch(templates, path, undefined);
  assertMatch([template([deep])], "/", ["/**"]);
});

test("the most specific template wins, whatever the order", () => {
  const templates = [
    template([deep]),
    template([any, "b"]),
    template(["a", any]),
    template(["a", deep]),
    template(["a", "c", deep]),
    template(["a", deep, "y"]),
    template(["a", deep, "x", "y"]),
    template(["a", deep, any, "y"]),
  ];
  assertMatch(templates, "/a/b", ["/a/*"]);
  assertMatch(templates, "/c/b", ["/*/b"]);
  assertMatch(templates, "/c", ["/**"]);
  assertMatch(templates, "/a/b/d", ["/a/**"]);
  assertMatch(templates, "/a/c/d", ["/a/c/**"]);
  assertMatch(templates, "/a/b/b/y", ["/a/**/*/y"]);
  assertMatch(templates, "/a/b/x/y", ["/a/**/x/y"]);
  assertMatch([template(["a", deep, "y"]), template(["a", deep])], "/a/b/y", ["/a/**/y"]);
});

test("of equal templates the first wins, and one that is not accepted leaves the next its turn", () => {
  const matcher = new PathMatcher([
    { binding: template([any]), value: 1 },
    { binding: template([any]), value: 2 },
    { binding: template([deep]), value: 3 },
  ]);
  assert.equal(matcher.match("/x", () => true)?.value, 1);
  assert.equal(matcher.match("/x", (value) => value !== 1)?.value, 2);
  assert.equal(matcher.match("/x", (value) => value > 2)?.value, 3);
  assert.equal(
    matcher.match("/x", () => false),
    undefined,
  );
});

test("a custom verb is matched before the same path without one, and otherwise is part of the last segment", () => {
  const templates = [
    template(["a", any], { variables: [variable(1, 2)] }),
    template(["a", any], { variables: [variable(1, 2)], verb: "copy" }),
    template(["a", any], { variables: [variable(1, 2)], verb: "copy:all" }),
    template([deep], { variables: [variable(0, 1)], verb: "undo" }),
  ];
  assertMatch(templates, "/a/x", ["/a/*", "x"]);
  assertMatch(templates, "/a/x:copy", ["/a/*:copy", "x"]);
  assertMatch(templates, "/a/x:copy:copy", ["/a/*:copy", "x:copy"]);
  assertMatch(templates, "/a/x:copy:all", ["/a/*:copy:all", "x"]);
  assertMatch(templates, "/a/x:other", ["/a/*", "x:other"]);
  assertMatch(templates, "/a/x%3Acopy", ["/a/*", "x:copy"]);
  assertMatch(templates, "/a/x:c%6Fpy", ["/a/*:copy", "x"]);
  assertMatch(templates, "/a/:copy", ["/a/*", ":copy"]);
  assertMatch(templates, "/a/b/c:undo", ["/**:undo", "a/b/c"]);
  assertMatch(templates, "/a/b/c:redo", undefined);
  assertMatch([template(["a", any], { verb: "copy" })], "/a/x", undefined);
});

test("of two verbs that a path ends in, the longer one is matched", () => {
  const templates = [
    template(["a", any], { variables: [variable(1, 2)], verb: "copy" }),
    template(["a", any], { variables: [variable(1, 2)], verb: "copy:copy" }),
    template([deep], { variables: [variable(0, 1)], verb: "x:copy:copy" }),
  ];
  assertMatch(templates, "/a/u:copy", ["/a/*:copy", "u"]);
  assertMatch(templates, "/a/u:copy:copy", ["/a/*:copy:copy", "u"]);
  assertMatch(templates, "/a/u:copy:copy:copy", ["/a/*:copy:copy", "u:copy"]);
  assertMatch(templates, "/a/u:x:copy:copy", ["/**:x:copy:copy", "a/u"]);
});

test("a variable of one segment is decoded whole; one of several keeps encoded slashes", () => {
  const templates = [
    template(["one", any, "end"], { variables: [variable(1, 2)] }),
    template(["many", deep, "end"], { variables: [variable(1, 2)] }),
    template(["two", any, any], { variables: [variable(1, 3)] }),
  ];
  assertMatch(templates, "/one/a%20b%2Fc+%25/end", ["/one/*/end", "a b/c+%"]);
  assertMatch(templates, "/many/a%20b/c%2fd%2Fe%252F/end", ["/many/**/end", "a b/c%2fd%2Fe%2F"]);
  assertMatch(templates, "/two/x/y%3F", ["/two/*/*", "x/y?"]);
  assertMatch(templates, "/%6Fne/x/e%6Ed", ["/one/*/end", "x"]);
});

test("variables around ** take the segments that it leaves", () => {
  const binding = template(["f", any, deep, "g", any], { variables: [variable(1, 2), variable(2, 4), variable(4, 5)] });
  assertMatch([binding], "/f/a/b/c/g/d", ["/f/*/**/g/*", "a", "b/c/g", "d"]);
  assertMatch([binding], "/f/a/g/d", ["/f/*/**/g/*", "a", "g", "d"]);
});

test("malformed escapes and dot segments match nothing", () => {
  for (const path of ["/%", "/%zz", "/%ff", "/x/%e", "/..", "/.", "/a/../b", "/a/."]) {
    assertMatch([template([deep]), template([any])], path, undefined);
  }
  assertMatch([template([any])], "/...", ["/*"]);
});

test("a template with two ** is rejected", () => {
  assert.throws(() => match([template([deep, "a", deep])], "/"), /only one \*\* may be in it/);
});

test("a long path takes no time", () => {
  const templates = [template(["a", deep, "b", any]), template([any, deep, "c"]), template([deep], { verb: "x" })];
  const path = `/a${"/b:x".repeat(200_000)}`;
  const matcher = new PathMatcher(templates.map((binding) => ({ binding, value: binding.template })));
  const taken = cpuTime(() => void matcher.match(path, () => true));
  assert.ok(taken < 5_000, `${taken} ms`);
});
