import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";
import type { Compiled } from "../../compile.js";
import { describeKitchenSink } from "./kitchen-sink.js";
import { mistakesIn } from "./validators.js";

let kitchenSink: Compiled;

before(async () => {
  kitchenSink = await describeKitchenSink();
});

for (const name of ["openapi.json", "swagger.json"]) {
  // UPDATE_GOLDEN=1 writes what the emitter makes, to be read before it is committed.
  test(`${name} of the kitchen sink is the golden file`, () => {
    const golden = new URL(`golden/${name}`, import.meta.url);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, kitchenSink.file(name));
    assert.equal(kitchenSink.file(name), readFileSync(golden, "utf8"));
  });

  test(`${name} of the kitchen sink is valid`, async () => {
    assert.deepEqual(await mistakesIn(kitchenSink.file(name)), []);
  });
}
