import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { KeyTree } from "../../../../../runtime/explorer/page/keys/tree/key-tree.js";
import { SortedKeys } from "./sorted-keys.js";

/** The rows in short: the depth as dots, the name, `+` and `-` for closed and open folders. */
function shown(tree: KeyTree): readonly string[] {
  return tree.rows.value.map((row) => {
    const dots = ".".repeat(row.depth);
    return row.kind === "rest" ? `${dots}...` : `${dots}${row.name}${row.kind === "key" ? "" : row.isOpen ? "-" : "+"}`;
  });
}

/** Waits until the rows are these. */
async function shows(tree: KeyTree, ...rows: readonly string[]): Promise<void> {
  for (let tries = 0; !isDeepStrictEqual(shown(tree), rows); tries++) {
    if (tries > 1000) assert.deepEqual(shown(tree), rows);
    await delay(5);
  }
}

async function started(keys: readonly string[], root = "", separator = "/"): Promise<[KeyTree, SortedKeys]> {
  const source = new SortedKeys(keys);
  const tree = new KeyTree(source, root, separator);
  await tree.start(() => {});
  return [tree, source];
}

describe("the tree of keys", () => {
  it("has a row for each key and folder, and below an open folder what is in it", async () => {
    const [tree] = await started(["a", "b/1", "b/2/x", "c/1"]);
    await shows(tree, "a", "b/+", "c/+");
    tree.toggle("b/");
    await shows(tree, "a", "b/-", ".1", ".2/+", "c/+");
    tree.toggle("b/");
    await shows(tree, "a", "b/+", "c/+");
  });

  it("is flat without a separator, and has the keys under its root alone", async () => {
    const [tree] = await started(["a/1", "a/2/3", "b/1"], "a/", "");
    await shows(tree, "1", "2/3");
  });

  it("opens the folders around a key", async () => {
    const [tree] = await started(["a/b/c", "a/d"]);
    tree.reveal("a/b/c");
    await shows(tree, "a/-", ".b/-", "..c", ".d");
  });

  it("follows keys that come and go", async () => {
    const [tree, source] = await started(["a", "b/1"]);
    tree.toggle("b/");
    await shows(tree, "a", "b/-", ".1");
    for (const key of ["b/2", "c/1"]) {
      source.put(key);
      tree.put(key);
    }
    source.remove("a");
    tree.remove("a");
    await shows(tree, "b/-", ".1", ".2", "c/+");
  });

  it("takes out a folder when its last key has gone, and keeps one that has another", async () => {
    const [tree, source] = await started(["a/1", "a/2", "b/1", "b/2"]);
    await shows(tree, "a/+", "b/+");
    for (const key of ["a/1", "b/1", "b/2"]) {
      source.remove(key);
      tree.remove(key);
    }
    await shows(tree, "a/+");
  });
});
