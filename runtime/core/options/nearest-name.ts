/**
 * Returns the name that was probably meant, or `undefined` if none is similar enough. Names in other groups count too:
 * `maxStreams` finds `limits.maxStreams`.
 *
 * @param path the unknown name, with its group
 * @param known all names, with their groups
 */
export function nearestName(path: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    // The right name in the wrong group counts as half a typing mistake.
    const distance = Math.min(editDistance(path, candidate), editDistance(last(path), last(candidate)) + 0.5);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return least <= Math.max(1, last(path).length / 3) ? nearest : undefined;
}

function last(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** Returns how many letters must be changed, added or removed to turn one name into another, ignoring case. */
function editDistance(a: string, b: string): number {
  const to = b.toLowerCase();
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a.toLowerCase()].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (to[j] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
