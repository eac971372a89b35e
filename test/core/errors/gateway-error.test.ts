import assert from "node:assert/strict";
import { test } from "node:test";
import { interceptorError } from "../../../runtime/core/call/intercept/interceptor-error.js";
import { GatewayError, type GatewayErrorOptions } from "../../../runtime/core/errors/gateway-error.js";
import { warnOf } from "../../../runtime/core/errors/gateway-warning.js";
import { Status, type StatusCode, statusName } from "../../../runtime/core/errors/status.js";

function told({ code, httpStatus, message }: GatewayError): unknown[] {
  return [code, httpStatus, message];
}

test("a GatewayError is returned unchanged", () => {
  const error = new GatewayError(Status.NOT_FOUND, "gone", { httpStatus: 410 });
  assert.equal(GatewayError.from(error), error);
  assert.deepEqual(told(error), [5, 410, "gone"]);
});

test("an error of grpc-js keeps its code and its details", () => {
  const thrown = Object.assign(new Error("5 NOT_FOUND: gone"), { code: 5, details: "gone" });
  const error = GatewayError.from(thrown);
  assert.deepEqual(told(error), [5, 404, "gone"]);
  assert.equal(error.cause, thrown);
  assert.deepEqual(told(GatewayError.from(Object.assign(new Error("text"), { code: 7 }))), [7, 403, "text"]);
  assert.deepEqual(told(GatewayError.from(Object.assign(new Error("fine?"), { code: 0 }))), [2, 500, "fine?"]);
});

test("clients do not see the text of any other thrown value", () => {
  for (const thrown of [
    new Error("secret"),
    Object.assign(new Error("secret"), { code: "ENOENT" }),
    Object.assign(new Error("secret"), { code: 17 }),
    { code: 5, details: "secret" },
    "secret",
    undefined,
  ]) {
    const error = GatewayError.from(thrown);
    assert.deepEqual(told(error), [13, 500, "internal error"]);
    assert.equal(error.cause, thrown);
  }
});

test("a thrown value that throws when it is read is an internal error", () => {
  const fails = (): never => {
    throw new Error("secret");
  };
  const own = (name: string) => Object.defineProperty(new GatewayError(Status.NOT_FOUND, "gone"), name, { get: fails });
  const unreadable = [
    new Proxy({}, { getPrototypeOf: fails }),
    new Proxy(new Error(), { get: fails, has: fails }),
    ...["code", "httpStatus", "message", "headers", "details", "cause"].map(own),
  ];
  for (const thrown of unreadable) {
    const error = GatewayError.from(thrown);
    assert.deepEqual(told(error), [13, 500, "internal error"]);
    assert.match(String(error.cause), /^TypeError: the thrown value cannot be read/);
    assert.equal(interceptorError(thrown).code, 13);
    warnOf("a test", thrown);
  }
});

test("an error that HTTP or gRPC does not allow is rejected", () => {
  const bad: readonly [number, GatewayErrorOptions, RegExp][] = [
    [0, {}, /^TypeError: invalid status code 0/],
    [17, {}, /^TypeError: invalid status code 17/],
    [5, { httpStatus: 200 }, /^TypeError: invalid httpStatus 200/],
    [5, { httpStatus: 600 }, /^TypeError: invalid httpStatus 600/],
    [5, { headers: { "a b": "c" } }, /TypeError.*Header name must be a valid HTTP token/],
    [5, { headers: { a: "b\n" } }, /TypeError.*Invalid character in header content/],
  ];
  for (const [code, options, why] of bad) {
    assert.throws(() => Reflect.construct(GatewayError, [code, "", options]), why);
  }
});

test("every status code has its name", () => {
  for (const [name, code] of Object.entries<StatusCode>(Status)) assert.equal(statusName(code), name);
});
