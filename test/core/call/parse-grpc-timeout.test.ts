import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseGrpcTimeout } from "../../../runtime/core/call/parse-grpc-timeout.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";

const good: readonly [text: string, milliseconds: number][] = [
  ["1H", 3_600_000],
  ["1M", 60_000],
  ["1S", 1_000],
  ["250m", 250],
  ["1500u", 1.5],
  ["2000000n", 2],
  ["0S", 0],
  ["-0m", 0],
  ["+5m", 5],
  ["-3S", -3_000],
  ["00000001m", 1],
  ["99999999H", 99_999_999 * 3_600_000],
  ["5000000000n", 5_000],
  ["9223372036854775807S", 99_999_999 * 3_600_000],
  ["9223372036854775807n", 2 ** 63 * 1e-6],
];
for (const [text, milliseconds] of good) {
  test(`${text} is ${milliseconds} ms`, () => assert.equal(parseGrpcTimeout(text), milliseconds));
}

const bad = [
  "5",
  "10x",
  "S",
  "",
  "1s",
  "1h",
  "1.5S",
  "1e3m",
  " 1S",
  "1S ",
  "1 S",
  "9223372036854775808n",
  "--1S",
  "1S, 2S",
  "0x1S",
];
for (const text of bad) {
  test(`${JSON.stringify(text)} is rejected`, () => {
    assert.throws(() => parseGrpcTimeout(text), {
      name: "GatewayError",
      code: Status.INVALID_ARGUMENT,
      message: `invalid grpc-timeout: ${text}`,
    });
  });
}

test("whatever the text, the result is a finite number or a GatewayError", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        assert.ok(Number.isFinite(parseGrpcTimeout(text)));
      } catch (error) {
        assert.ok(error instanceof GatewayError);
      }
    }),
  );
});
