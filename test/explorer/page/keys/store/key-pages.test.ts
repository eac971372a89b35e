import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keyPages } from "../../../../../runtime/explorer/page/keys/store/key-pages.js";
import { ExploredStore } from "./explored-store.js";

describe("keys, page by page", () => {
  const explored = new ExploredStore();

  it("are all of one revision, each once and in order", async () => {
    const names = Array.from({ length: 100 }, (_, i) => `p/${String(i).padStart(3, "0")}`);
    for (const name of names) await explored.put(name, "before");
    await explored.put("q", "beside it");
    const read: string[] = [];
    let pages = 0;
    for await (const { states, total } of keyPages(explored.store, "p/", new AbortController().signal)) {
      // What is written meanwhile is of a later revision.
      if (pages === 0) await explored.put("p/099", "after");
      if (pages === 0) await explored.put("p/100", "after");
      pages += 1;
      assert.equal(total, 100);
      for (const { key, value } of states) {
        assert.equal(new TextDecoder().decode(value), "before");
        read.push(key);
      }
    }
    assert.deepEqual(read, names);
    assert.ok(pages > 1);
  });
});
