/** The nanoseconds of a time as the fraction of a second: nothing, or a point and three, six or nine digits. */
export function fractionText(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  const length = digits.endsWith("000000") ? 3 : digits.endsWith("000") ? 6 : 9;
  return `.${digits.slice(0, length)}`;
}

/** Nanoseconds from up to nine digits behind the point. */
export function fractionNanos(digits: string): number {
  return Number(digits.padEnd(9, "0"));
}
