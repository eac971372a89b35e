import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Binary } from "../../../../../runtime/explorer/page/bytes/binary.js";
import { Level } from "../../../../../runtime/explorer/page/keys/tree/level.js";
import { SortedKeys } from "./sorted-keys.js";

/** What a level must have: the keys under a prefix, cut behind the first separator. */
function entriesOf(keys: readonly Binary[], prefix: Binary, separator: Binary): readonly Binary[] {
  const entries = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = separator === "" ? -1 : key.indexOf(separator, prefix.length);
      return at === -1 ? key : key.slice(0, at + separator.length);
    });
  return [...new Set(entries)].sort();
}

async function loaded(source: SortedKeys, prefix: Binary, separator: Binary): Promise<Level> {
  const level = new Level(prefix, separator, source);
  while (!level.isComplete) await level.load();
  return level;
}

const key = fc.string({ unit: fc.constantFrom("a", "b", "/", ":", "\xff"), minLength: 1, maxLength: 6 });
const keys = fc.uniqueArray(key, { maxLength: 40 });
const prefix = fc.constantFrom("", "a", "a/", "/", "b:", "\xff");
const separator = fc.constantFrom("/", "", ":", "::", "\xff");

describe("a level of the tree", () => {
  it("has the keys and the folders under its prefix, each once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(keys, prefix, separator, async (all, root, cut) => {
        const level = await loaded(new SortedKeys(all), root, cut);
        assert.deepEqual(level.entries, entriesOf(all, root, cut));
        assert.equal(level.count ?? 0, all.filter((each) => each.startsWith(root)).length);
      }),
    );
  });

  it("follows keys that come while it is loaded, or afterwards", async () => {
    await fc.assert(
      fc.asyncProperty(keys, keys, separator, async (first, later, cut) => {
        const source = new SortedKeys(first);
        const level = new Level("", cut, source);
        for (const each of later) {
          source.put(each);
          level.put(each);
          if (!level.isComplete) await level.load();
        }
        while (!level.isComplete) await level.load();
        assert.deepEqual(level.entries, entriesOf(source.all, "", cut));
      }),
    );
  });

  it("costs few questions, however many keys are in its folders", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `d${i % 4}/${String(i).padStart(6, "0")}`);
    const source = new SortedKeys(many);
    const level = await loaded(source, "", "/");
    assert.deepEqual(level.entries, ["d0/", "d1/", "d2/", "d3/"]);
    assert.equal(level.count, 20_000);
    assert.ok(source.scans < 10, `${source.scans} scans`);
  });

  it("is loaded page by page", async () => {
    const source = new SortedKeys(Array.from({ length: 2000 }, (_, i) => `k${String(i).padStart(4, "0")}`));
    const level = new Level("", "/", source);
    const revisions: bigint[] = [];
    await level.load((revision) => revisions.push(revision));
    assert.ok(level.entries.length >= 500 && level.entries.length < 2000, `${level.entries.length} entries`);
    assert.equal(level.isComplete, false);
    assert.equal(revisions[0], 7n);
  });

  it("tells why it could not be loaded, and tries again", async () => {
    const source = new SortedKeys(["a"]);
    const scan = source.scan.bind(source);
    source.scan = () => Promise.reject(new Error("no etcd"));
    const level = new Level("", "/", source);
    await level.load();
    assert.match(String(level.error), /no etcd/);
    source.scan = scan;
    await level.load();
    assert.deepEqual([level.error, level.entries], [undefined, ["a"]]);
  });
});
