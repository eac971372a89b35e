import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { olderVersions } from "../../../../../runtime/explorer/page/keys/key/older-versions.js";
import { ExploredStore } from "../store/explored-store.js";

describe("the versions of a key", () => {
  const explored = new ExploredStore();

  async function newest(key: string) {
    const { state } = await explored.store.read(key);
    if (state === undefined) throw new Error(`there is no ${key}`);
    return state;
  }

  it("are read from the newest on, down to the one that it was created with", async () => {
    for (const value of ["one", "two", "three"]) {
      await explored.put("v", value);
      await explored.put("beside", value);
    }
    const { versions, end } = await olderVersions(explored.store, await newest("v"));
    assert.deepEqual(
      versions.map(({ version, value }) => [version, new TextDecoder().decode(value)]),
      [
        [2n, "two"],
        [1n, "one"],
      ],
    );
    assert.equal(end, "created");
    const first = versions.at(-1);
    assert.ok(first !== undefined);
    assert.deepEqual(await olderVersions(explored.store, first), { versions: [], end: "created" });
  });

  it("are of its last life alone", async () => {
    await explored.put("again", "before");
    await explored.store.remove("again", (await newest("again")).modRevision);
    await explored.put("again", "after");
    assert.deepEqual(await olderVersions(explored.store, await newest("again")), { versions: [], end: "created" });
  });

  it("come twenty at a time", async () => {
    for (let i = 0; i < 25; i++) await explored.put("many", String(i));
    const { versions, end } = await olderVersions(explored.store, await newest("many"));
    assert.deepEqual([versions.length, versions.at(-1)?.version, end], [20, 5n, undefined]);
  });
});
