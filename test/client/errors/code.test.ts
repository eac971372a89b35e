import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, codeOfStatus } from "../../../runtime/client/errors/code.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { httpError } from "../../../runtime/core/transport/call/http-errors.js";

test("the client and the gateway have the same codes", () => {
  assert.deepEqual(Code, Status);
});

test("the client and the gateway give an HTTP response without a gRPC status the same code", () => {
  for (let status = 100; status < 600; status++)
    assert.equal(codeOfStatus(status), httpError(status).code, `${status}`);
});
