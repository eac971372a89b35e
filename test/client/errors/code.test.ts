import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "../../../runtime/client/errors/code.js";
import { Status } from "../../../runtime/core/errors/status.js";

test("the client and the gateway have the same codes", () => {
  assert.deepEqual(Code, Status);
});
