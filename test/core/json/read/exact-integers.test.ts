/*
 * 64-bit integers stay exact however JSON writes them: in quotes or, as many clients do, without. protobuf's conformance
 * suite has no number without quotes that a double does not hold, so that this is not tested there.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JsonError } from "../../../../runtime/core/json/read/json-error.js";
import { jsonToWire } from "../../../../runtime/core/json/read/json-to-wire.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { generateCodecs } from "../generated-codecs.js";

const types = ["int64", "sint64", "sfixed64", "uint64", "fixed64"] as const;

const messages = types.map(
  (type) => `message ${type}_message {
    ${type} one = 1;
    optional ${type} explicit = 2;
    repeated ${type} packed = 3;
    repeated ${type} expanded = 4 [packed = false];
    map<${type}, ${type}> by_key = 5;
    oneof choice { ${type} chosen = 6; }
  }`,
);
const { codec: codecOf } = await generateCodecs({ "exact.proto": `syntax = "proto3"; ${messages.join("\n")}` });

for (const type of types) {
  const codec = codecOf(`${type}_message`);
  const signed = !type.startsWith("u") && type !== "fixed64";
  const least = signed ? -(2n ** 63n) : 0n;
  const most = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  const value = fc.oneof(fc.bigInt(least, most), fc.constantFrom(least, most, 2n ** 53n + 1n, most - 1n));
  const roundTrip = (text: string): string => wireToJson(codec, jsonToWire(codec, Buffer.from(text))).toString();

  test(`${type} is exact in every kind of field, with quotes or without`, () => {
    const property = fc.property(value, fc.boolean(), (number, quoted) => {
      const given = quoted ? `"${number}"` : String(number);
      const one = number === 0n ? "" : `"one":"${number}",`;
      assert.equal(
        roundTrip(
          `{"one":${given},"explicit":${given},"packed":[${given},${given}],"expanded":[${given}],"byKey":{"${number}":${given}},"chosen":${given}}`,
        ),
        `{${one}"explicit":"${number}","packed":["${number}","${number}"],"expanded":["${number}"],"by_key":{"${number}":"${number}"},"chosen":"${number}"}`,
      );
    });
    fc.assert(property);
  });

  test(`${type} is exact with an exponent or a fraction of zeros`, () => {
    const property = fc.property(value, fc.nat(25), (number, zeros) => {
      const digits = String(number < 0n ? -number : number);
      const sign = number < 0n ? "-" : "";
      const scientific = `${sign}${digits[0]}.${digits.slice(1)}0e+${digits.length - 1}`;
      const fraction = `${number}.0${"0".repeat(zeros)}`;
      const scaled = number === 0n ? `0e-${zeros}` : `${number}${"0".repeat(zeros)}e-${zeros}`;
      const expected = `{"packed":["${number}","${number}","${number}","${number}"]}`;
      assert.equal(roundTrip(`{"packed":[${scientific},"${scientific}",${fraction},${scaled}]}`), expected);
    });
    fc.assert(property);
  });

  test(`${type} rejects what it cannot hold exactly`, () => {
    const rejected = [most + 1n, least - 1n, `${most}.5`, "0.1", "1e20", "1e-1", "-0.5", `${most}e1`];
    for (const text of rejected.flatMap((number) => [String(number), `"${number}"`])) {
      assert.throws(() => roundTrip(`{"one":${text}}`), JsonError, text);
    }
  });
}
