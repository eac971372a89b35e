/**
 * Returns a `double` or, if `single`, a `float` as JSON text: the shortest number that reads back as the same value, or
 * one of the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
 */
export function floatText(value: number, single: boolean): string {
  if (Number.isNaN(value)) return '"NaN"';
  if (!Number.isFinite(value)) return value > 0 ? '"Infinity"' : '"-Infinity"';
  if (Object.is(value, -0)) return "-0";
  return String(single ? shortestSingle(value) : value);
}

/** Returns the double with the fewest digits that rounds to the same float. Nine digits distinguish all floats. */
function shortestSingle(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}
