import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Indexed, IndexedSet } from "../../../runtime/core/collections/indexed-set.js";
import { growthOfOldGeneration, Load } from "./old-generation.js";

class Member extends Load implements Indexed {
  index = -1;
}

test("an IndexedSet contains what a Set would contain", () => {
  const steps = fc.array(fc.record({ member: fc.nat(9), adds: fc.boolean() }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, (all) => {
      const members = Array.from({ length: 10 }, () => new Member());
      const set = new IndexedSet<Member>();
      const model = new Set<Member>();
      for (const { member: number, adds } of all) {
        const member = members[number] ?? new Member();
        if (adds && !model.has(member)) {
          set.add(member);
          model.add(member);
        } else if (!adds) {
          assert.equal(set.delete(member), model.delete(member));
        }
        assert.equal(set.size, model.size);
        for (const each of members) assert.equal(set.has(each), model.has(each));
        assert.deepEqual(new Set(set), model);
      }
    }),
  );
});

test("members that are removed during an iteration are not visited", () => {
  const set = new IndexedSet<Member>();
  const members = Array.from({ length: 5 }, () => new Member());
  for (const member of members) set.add(member);
  const visited: Member[] = [];
  for (const member of set) {
    visited.push(member);
    for (const each of members.slice(2)) set.delete(each);
  }
  assert.deepEqual(visited, members.slice(0, 2));
});

test("removed members are garbage of the young generation, however old the set is", () => {
  const set = new IndexedSet<Member>();
  const growth = growthOfOldGeneration(() => {
    const member = new Member();
    set.add(member);
    return () => set.delete(member);
  });
  // With a Set, it is more than 50 MB.
  assert.ok(growth < 10 * 1024 * 1024, `the old generation has grown by ${growth} bytes`);
});
