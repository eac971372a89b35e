import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planImport, runImport } from "../../../../../runtime/explorer/page/keys/prefix/import-plan.js";
import { ExploredStore } from "../store/explored-store.js";

const line = (key: string, value: string) => ({ key, value: new TextEncoder().encode(value) });
const nothing = (): void => {};
const never = new AbortController().signal;

describe("an import", () => {
  const explored = new ExploredStore();

  it("first says what it would do: if a key is there twice, its last line counts", async () => {
    await explored.put("i/same", "1");
    await explored.put("i/other", "1");
    const lines = [line("i/same", "1"), line("i/new", "x"), line("i/other", "2"), line("i/new", "y")];
    const done: number[] = [];
    const steps = await planImport(explored.store, lines, (count) => done.push(count));
    assert.deepEqual(
      steps.map(({ kind, line: { key }, current }) => [kind, key, current?.version]),
      [
        ["same", "i/same", 1n],
        ["create", "i/new", undefined],
        ["change", "i/other", 1n],
      ],
    );
    assert.deepEqual(done, [3]);
    assert.deepEqual(await runImport(explored.store, steps, nothing, never), { written: 2, conflicts: [] });
    assert.deepEqual([await explored.value("i/new"), await explored.value("i/other")], ["y", "2"]);
    assert.equal((await explored.store.read("i/same")).state?.version, 1n);
  });

  it("leaves alone what somebody has changed, made or deleted since, and writes the others", async () => {
    await explored.put("c/changed", "1");
    await explored.put("c/deleted", "1");
    const names = Array.from({ length: 120 }, (_, i) => `c/${i}`);
    const lines = [...names, "c/changed", "c/deleted", "c/made"].map((key) => line(key, "imported"));
    const steps = await planImport(explored.store, lines, nothing);
    await explored.put("c/changed", "theirs");
    await explored.put("c/made", "theirs");
    const { state } = await explored.store.read("c/deleted");
    await explored.store.remove("c/deleted", state?.modRevision ?? 0n);
    const { written, conflicts } = await runImport(explored.store, steps, nothing, never);
    assert.deepEqual([written, conflicts], [120, ["c/changed", "c/deleted", "c/made"]]);
    assert.equal(await explored.value("c/119"), "imported");
    assert.deepEqual(
      [await explored.value("c/changed"), await explored.value("c/deleted"), await explored.value("c/made")],
      ["theirs", undefined, "theirs"],
    );
  });

  it("writes large values in requests that etcd accepts", async () => {
    const lines = Array.from({ length: 8 }, (_, i) => line(`large/${i}`, String(i).repeat(400_000)));
    const steps = await planImport(explored.store, lines, nothing);
    assert.deepEqual(await runImport(explored.store, steps, nothing, never), { written: 8, conflicts: [] });
    assert.equal(await explored.value("large/7"), "7".repeat(400_000));
  });

  it("ends after the current request when it is stopped", async () => {
    const lines = Array.from({ length: 120 }, (_, i) => line(`stopped/${String(i).padStart(3, "0")}`, "x"));
    const steps = await planImport(explored.store, lines, nothing);
    const stop = new AbortController();
    await assert.rejects(
      runImport(explored.store, steps, () => stop.abort(), stop.signal),
      { name: "AbortError" },
    );
    assert.equal(await explored.value("stopped/049"), "x");
    assert.equal(await explored.value("stopped/050"), undefined);
  });
});
