import { getHeapSpaceStatistics } from "node:v8";

/** About a kilobyte, as much as a small request holds. */
export class Load {
  readonly numbers: readonly number[] = new Array<number>(128).fill(0);
}

/**
 * Returns by how many bytes the old generation of the heap grows at most, while 200,000 objects come and go, 64 at a
 * time. `create` makes one, and returns what ends it.
 *
 * What exists before outlives a lot of garbage first, so that it moves to the old generation itself.
 */
export function growthOfOldGeneration(create: () => () => void): number {
  const passing: Load[] = [];
  for (let i = 0; i < 100_000; i++) passing[i % 64] = new Load();
  const before = oldSpace();
  let most = before;
  const ends: (() => void)[] = [];
  for (let i = 0; i < 200_000; i++) {
    const end = create();
    ends[i % 64]?.();
    ends[i % 64] = end;
    if (i % 1_000 === 0) most = Math.max(most, oldSpace());
  }
  return most - before;
}

function oldSpace(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === "old_space")?.space_used_size ?? 0;
}
