/** Compares names as the formatter sorts them: numbers by value, letters first without and then with their case. */
export function naturalOrder(a: string, b: string): number {
  return compareParts(a.toLowerCase(), b.toLowerCase()) || compareCode(a, b);
}

function compareParts(a: string, b: string): number {
  const left = a.match(/\d+|\D/g) ?? [];
  const right = b.match(/\d+|\D/g) ?? [];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = isNumber(part) && isNumber(other) ? Number(part) - Number(other) : compareCode(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}

function compareCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
