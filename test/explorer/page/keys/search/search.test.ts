import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Query, search } from "../../../../../runtime/explorer/page/keys/search/search.js";
import { ExploredStore } from "../store/explored-store.js";

describe("a search", () => {
  const explored = new ExploredStore();

  async function found(query: Query): Promise<{ keys: readonly string[]; looked: number; total: number }> {
    const keys: string[] = [];
    let last = { looked: 0, total: 0 };
    for await (const progress of search(explored.store, query, new AbortController().signal)) {
      keys.push(...progress.found);
      last = progress;
    }
    return { keys, looked: last.looked, total: last.total };
  }

  it("looks through keys as they are shown, whatever the case, and values if it is to", async () => {
    await explored.put("s/Needle", "x");
    await explored.put("s/hay", "a nEEdle in it");
    await explored.put("s/\xff", "x");
    await explored.put("t/needle", "elsewhere");
    const query = { text: "needle", prefix: "s/", inValues: false };
    assert.deepEqual(await found(query), { keys: ["s/Needle"], looked: 3, total: 3 });
    assert.deepEqual(await found({ ...query, inValues: true }), { keys: ["s/Needle", "s/hay"], looked: 3, total: 3 });
    assert.deepEqual((await found({ ...query, text: "\\xff" })).keys, ["s/\xff"]);
  });
});
