/**
 * A `double` or, if `single`, a `float` as JSON text: the fewest digits that give the same value back, and the strings
 * that stand for what is no number.
 */
export function floatText(value: number, single: boolean): string {
  if (Number.isNaN(value)) return '"NaN"';
  if (!Number.isFinite(value)) return value > 0 ? '"Infinity"' : '"-Infinity"';
  if (Object.is(value, -0)) return "-0";
  return String(single ? shortestSingle(value) : value);
}

/** The double with the fewest digits that rounds to the same float: nine digits tell all floats apart. */
function shortestSingle(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}
