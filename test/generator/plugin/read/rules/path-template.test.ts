import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { PathTemplate } from "../../../../../generator/plugin/model/model.js";
import { PathTemplateError, parsePathTemplate } from "../../../../../generator/plugin/read/rules/path-template.js";

/** Segments joined by spaces, then each variable with the segments it spans, then the verb. Literals are quoted. */
function show({ segments, variables, verb }: PathTemplate): string {
  const shown = segments.map((segment) => (segment.kind === "literal" ? JSON.stringify(segment.text) : segment.kind));
  const spans = variables.map(({ field, start, end }) => `${field.join(".")}=${start}-${end}`);
  return [shown.join(" "), ...spans, ...(verb === "" ? [] : [`:${verb}`])].join("; ");
}

const VALID: readonly (readonly [template: string, parsed: string])[] = [
  ["/", ""],
  ["/v1", '"v1"'],
  ["/v3/kv/range", '"v3" "kv" "range"'],
  ["/*", "*"],
  ["/**", "**"],
  ["/*/**", "* **"],
  ["/a/*/b", '"a" * "b"'],
  ["/{x}", "*; x=0-1"],
  ["/{x=*}", "*; x=0-1"],
  ["/{x=**}", "**; x=0-1"],
  ["/{_}", "*; _=0-1"],
  ["/{a.b_1.C}", "*; a.b_1.C=0-1"],
  ["/v1/{name=shelves/*}", '"v1" "shelves" *; name=1-3'],
  ["/v1/{name=shelves/*/books/*}:cancel", '"v1" "shelves" * "books" *; name=1-5; :cancel'],
  ["/{a=x/*}/y/{b}", '"x" * "y" *; a=0-2; b=3-4'],
  ["/{x=literal}", '"literal"; x=0-1'],
  // What follows "**" is found from the end.
  ["/a/**/b", '"a" ** "b"'],
  ["/{x=a/**/b}/c:d", '"a" ** "b" "c"; x=0-3; :d'],
  ["/{x=a/*/**}/{y}", '"a" * ** *; x=0-3; y=3-4'],
  ["/{x=**/b/*}", '** "b" *; x=0-3'],
  ["/v1/b:LOCK", '"v1" "b"; :LOCK'],
  ["/**:verb", "**; :verb"],
  ["/{x}:verb", "*; x=0-1; :verb"],
  ["/{x}:a:b", "*; x=0-1; :a:b"],
  ["/a=b&c=d;e,f+g@h!i$j'k(l)-._~", '"a=b&c=d;e,f+g@h!i$j\'k(l)-._~"'],
  // Percent-encoded: decoded, so that a request is compared by what it means.
  ["/%41%2f%2A%3a", '"A/*:"'],
  ["/caf%C3%A9:%C3%A9", '"café"; :é'],
  // What is no UTF-8 stays as it is, in upper case.
  ["/x%abcde", '"x%ABcde"'],
];

const INVALID: readonly (readonly [template: string, offset: number, message: string])[] = [
  ["", 0, 'expected "/" at the beginning'],
  ["v1/{x}", 0, 'expected "/" at the beginning'],
  [":verb", 0, 'expected "/" at the beginning'],
  ["{x=/a}", 0, 'expected "/" at the beginning'],
  ["//", 1, "a segment is empty"],
  ["/a/", 3, "a segment is empty"],
  ["/a//b", 3, "a segment is empty"],
  ["/{x=/a}", 4, "a segment is empty"],
  ["/{x=}", 4, "a segment is empty"],
  ["/{x=a/}", 6, "a segment is empty"],
  ["/:verb", 1, "a segment is empty"],
  ["/a/:verb", 3, "a segment is empty"],
  ["/a:", 3, 'a verb is missing after ":"'],
  ["/{x}:", 5, 'a verb is missing after ":"'],
  ["/a:b/c", 4, '"/" is not allowed in a verb, and a verb ends the template; write %3A for a literal colon'],
  ["/{x=a:b}", 5, '":" is allowed only before a verb at the end; write %3A for a literal colon'],
  ["/{", 2, "a field name is missing"],
  ["/{}", 2, "a field name is missing"],
  ["/{1}", 2, "a field name is missing"],
  ["/{-}", 2, "a field name is missing"],
  ["/{x.}", 4, "a field name is missing"],
  ["/{x..y}", 4, "a field name is missing"],
  ["/{x.1}", 4, "a field name is missing"],
  ["/{x", 1, '"{" is not closed'],
  ["/{x=*", 1, '"{" is not closed'],
  ["/{x=", 4, "a segment is empty"],
  ["/{field-name}", 7, '"-" is not allowed in a field path'],
  ["/{a/b}", 3, '"/" is not allowed in a field path'],
  ["/{x=a/{y}}", 6, "a variable cannot contain another variable"],
  ["/a{x}", 2, 'a variable must be a whole segment: put a "/" before it'],
  ["/{x}a", 4, 'a variable must be a whole segment: put a "/" after it'],
  ["/{x}{y}", 4, 'a variable must be a whole segment: put a "/" before it'],
  ["/a*", 2, '"*" and "**" must be whole segments; write %2A for a literal asterisk'],
  ["/***", 3, '"*" and "**" must be whole segments; write %2A for a literal asterisk'],
  ["/*a", 2, '"*" and "**" must be whole segments; write %2A for a literal asterisk'],
  ["/**/a/**", 6, 'a second "**": a path template can contain only one'],
  ["/{x=**}/{y=**}", 11, 'a second "**": a path template can contain only one'],
  ["/{x}/{x}", 5, "{x} occurs twice"],
  ["/a}", 2, 'unexpected "}"'],
  ["/%", 1, '"%" is not followed by two hexadecimal digits'],
  ["/%2", 1, '"%" is not followed by two hexadecimal digits'],
  ["/a%2z", 2, '"%" is not followed by two hexadecimal digits'],
  ["/a:*", 3, '"*" is not allowed in a verb, and a verb ends the template; write %3A for a literal colon'],
  ["/a:%1", 3, '"%" is not followed by two hexadecimal digits'],
  ["/a?b=c", 2, '"?" is not allowed here: percent-encode it in a literal'],
  ["/a b", 2, '" " is not allowed here: percent-encode it in a literal'],
  ["/a#b", 2, '"#" is not allowed here: percent-encode it in a literal'],
  ["/é", 1, '"é" is not allowed here: percent-encode it in a literal'],
];

describe("parsePathTemplate", () => {
  for (const [template, parsed] of VALID) {
    it(`reads ${template}`, () => assert.equal(show(parsePathTemplate(template)), parsed));
  }

  for (const [template, offset, message] of INVALID) {
    it(`rejects ${JSON.stringify(template)}`, () => {
      assert.throws(() => parsePathTemplate(template), { name: "PathTemplateError", message, offset });
    });
  }

  it("throws nothing but PathTemplateError, whose offset is in the text", () => {
    const text = fc.array(fc.constantFrom("/", "*", "**", "{", "}", "=", ".", ":", "a", "x_1", "%41", "%", "-", "?"));
    fc.assert(
      fc.property(text, (tokens) => {
        const template = tokens.join("");
        try {
          parsePathTemplate(template);
        } catch (error) {
          assert.ok(error instanceof PathTemplateError);
          assert.ok(error.offset >= 0 && error.offset <= template.length);
        }
      }),
    );
  });

  it("reads back every template that it can express", () => {
    fc.assert(fc.property(templates(), ({ text, parsed }) => assert.deepEqual(parsePathTemplate(text), parsed)));
  });
});

/** Templates, as text and as what they are to be parsed into. */
function templates(): fc.Arbitrary<{ readonly text: string; readonly parsed: PathTemplate }> {
  const literal = fc.stringMatching(/^[a-z0-9\-._~]{1,5}$/);
  const segment = fc.oneof(
    literal.map((text) => ({ kind: "literal", text }) as const),
    fc.constant({ kind: "*" } as const),
  );
  const part = fc.record({
    variable: fc.boolean(),
    segments: fc.array(segment, { minLength: 1, maxLength: 3 }),
  });
  const verb = fc.oneof(fc.constant(""), literal);
  return fc.tuple(fc.array(part, { minLength: 1, maxLength: 4 }), verb).map(([parts, verb]) => {
    const segments = parts.flatMap((each) => each.segments);
    const variables: PathTemplate["variables"][number][] = [];
    const texts: string[] = [];
    let start = 0;
    for (const [index, { variable, segments }] of parts.entries()) {
      const text = segments.map((each) => (each.kind === "literal" ? each.text : each.kind)).join("/");
      const end = start + segments.length;
      if (variable) variables.push({ field: ["f", `v${index}`], start, end });
      texts.push(variable ? `{f.v${index}=${text}}` : text);
      start = end;
    }
    return { text: `/${texts.join("/")}${verb === "" ? "" : `:${verb}`}`, parsed: { segments, variables, verb } };
  });
}
