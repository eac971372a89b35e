/** Three digits, or more where the number has more before its point; thousands are told apart. */
function digits(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A number without a unit, or a dash where there is none. */
export function plain(value: number | undefined): string {
  return value === undefined ? "–" : digits(value);
}

/** A ratio, such as `0.45×`. */
export function times(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(2)}×`;
}

/** A number of microseconds. */
export function microseconds(value: number): string {
  return `${digits(value)} us`;
}

/** A number of milliseconds. */
export function milliseconds(value: number): string {
  return `${digits(value)} ms`;
}

/** A number of bytes, in MiB. */
export function mebibytes(value: number | undefined): string {
  return value === undefined ? "–" : digits(value / 2 ** 20);
}
