import assert from "node:assert/strict";
import { test } from "node:test";
import express from "express";
import { send } from "../../../http/requests.js";
import { serveNotes } from "../serve-notes.js";

test("an app whose body parsers are before the gateway is warned once, and told what to do", async (t) => {
  const warnings: Error[] = [];
  process.on("warning", (warning) => warnings.push(warning));
  const { port } = await serveNotes(t, {}, { before: [express.json()] });
  const options = { headers: { "Content-Type": "application/json" } };
  for (let i = 0; i < 3; i++) {
    assert.equal((await send(port, "/v1/notes/get", '{"size":9007199254740993}', options)).status, 500);
  }
  const [warning, ...others] = warnings.filter(({ name }) => name === "GatewayWarning");
  assert.deepEqual(others, []);
  assert.match(
    warning?.message ?? "",
    /^a body parser read a request before the gateway did: mount the gateway before/,
  );
  assert.ok(warning !== undefined && "code" in warning && warning.code === "BODY_PARSED");
});
