import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { queryParameters } from "../../../../runtime/core/transcode/url/query-string.js";

test("a query is read as HTML forms write it", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }))), (pairs) => {
      // A pair of two empty texts is written as "=".
      const query = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value]));
      const expected = pairs.map(([name, value]) => ({ name, value }));
      assert.deepEqual(queryParameters(`/path?${query}#fragment`), expected);
    }),
  );
});

test("empty parts are not pairs, and everything after the first = is the value", () => {
  assert.deepEqual(queryParameters("/path"), []);
  assert.deepEqual(queryParameters("/path?"), []);
  assert.deepEqual(queryParameters("/path#?a=b"), []);
  assert.deepEqual(queryParameters("/?&a&&b=c=d?e&"), [
    { name: "a", value: "" },
    { name: "b", value: "c=d?e" },
  ]);
  assert.deepEqual(queryParameters("/?a;b=%26%3D%23"), [{ name: "a;b", value: "&=#" }]);
});

test("malformed escapes are rejected, and so is too much", () => {
  for (const query of ["%", "a=%", "a=%f", "a=%zz", "%ff=a", "a=%c3", "a=%ed%a0%80"]) {
    assert.throws(() => queryParameters(`/?${query}`), isRejection(400), query);
  }
  assert.throws(() => queryParameters(`/?${"a&".repeat(1001)}`), isRejection(400));
  assert.throws(() => queryParameters(`/?a=${"a".repeat(64 * 1024)}`), isRejection(414));
});

function isRejection(httpStatus: number): (error: unknown) => boolean {
  return (error) => error instanceof GatewayError && error.httpStatus === httpStatus;
}
