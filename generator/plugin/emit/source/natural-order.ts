const ORDER = "/._-0123456789AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz";

/**
 * Compares names, or import paths, as the formatter sorts them: character by character, with marks before digits,
 * digits before letters, and a letter's upper case before its lower case. The longer of two runs of digits is greater.
 */
export function naturalOrder(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Splits a name into runs of digits and single characters. */
function parts(name: string): readonly string[] {
  return name.match(/\d+|\D/g) ?? [];
}

function compareParts(a: string, b: string): number {
  if (isNumber(a) && isNumber(b) && a.length !== b.length) return a.length - b.length;
  for (let index = 0; index < a.length && index < b.length; index++) {
    const order = ORDER.indexOf(a.charAt(index)) - ORDER.indexOf(b.charAt(index));
    if (order !== 0) return order;
  }
  return 0;
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}
