/**
 * The name that was probably meant, if one is near enough: of those in other groups, too, as `maxStreams` is for
 * `limits.maxStreams`.
 *
 * @param path the name that there is not, with its group
 * @param known all names, with their groups
 */
export function nearestName(path: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    // A name in the wrong group is as near as half a typing mistake.
    const distance = Math.min(editDistance(path, candidate), editDistance(last(path), last(candidate)) + 0.5);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return least <= Math.max(1, last(path).length / 3) ? nearest : undefined;
}

function last(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** How many letters must be changed, added or left out to make one name of another, whatever their case. */
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
