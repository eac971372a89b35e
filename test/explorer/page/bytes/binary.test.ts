import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { prefixEnd as ofClient } from "etcd-gateway/client";
import fc from "fast-check";
import {
  type Binary,
  binaryOf,
  fromBinary,
  isBefore,
  prefixEnd,
  prefixStart,
  toBinary,
} from "../../../../runtime/explorer/page/bytes/binary.js";

const bytes = fc.uint8Array({ maxLength: 12 });
const binary = bytes.map(toBinary);

describe("bytes as strings", () => {
  it("come back as they were, also many of them", () => {
    fc.assert(fc.property(bytes, (each) => assert.deepEqual(fromBinary(toBinary(each)), each)));
    const many = Uint8Array.from({ length: 20_000 }, (_, i) => i & 255);
    assert.deepEqual(fromBinary(toBinary(many)), many);
  });

  it("have the order of their bytes, as etcd's keys do", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const order = toBinary(a) < toBinary(b) ? -1 : toBinary(a) > toBinary(b) ? 1 : 0;
        assert.equal(order, Buffer.compare(a, b));
      }),
    );
  });

  it("of a text are its UTF-8", () => {
    assert.equal(binaryOf("aü€"), "a\xc3\xbc\xe2\x82\xac");
  });
});

describe("the range of a prefix", () => {
  const isIn = (key: Binary, prefix: Binary): boolean => key >= prefixStart(prefix) && isBefore(key, prefixEnd(prefix));

  it("ends behind all keys that begin with it", () => {
    const ends = ["a", "a/", "a\xff", "\xff", ""].map(prefixEnd);
    assert.deepEqual(ends, ["b", "a0", "b", "\0", "\0"]);
  });

  it("ends as the HTTP client says", () => {
    fc.assert(fc.property(bytes, (prefix) => assert.equal(prefixEnd(toBinary(prefix)), toBinary(ofClient(prefix)))));
  });

  it("has the keys that begin with it, and no others", () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 6, max: 255 }).map(toBinary);
    const prefix = fc
      .array(fc.constantFrom(0, 1, 97, 254, 255), { maxLength: 3 })
      .map((each) => toBinary(Uint8Array.from(each)));
    fc.assert(fc.property(key, prefix, (each, start) => assert.equal(isIn(each, start), each.startsWith(start))));
    fc.assert(
      fc.property(binary, prefix, (rest, start) => start + rest === "" || assert.ok(isIn(start + rest, start))),
    );
  });
});
