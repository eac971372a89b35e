/** Formats a number with at least three digits, and with separators between thousands. */
function digits(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Formats a number without a unit, or a dash if there is no number. */
export function plain(value: number | undefined): string {
  return value === undefined ? "–" : digits(value);
}

/** Formats a ratio, for example `0.45×`. */
export function times(value: number | undefined): string {
  return value === undefined ? "–" : `${value.toFixed(2)}×`;
}

/** Formats a number of microseconds. */
export function microseconds(value: number): string {
  return `${digits(value)} µs`;
}

/** Formats a number of milliseconds. */
export function milliseconds(value: number): string {
  return `${digits(value)} ms`;
}

/** Formats a number of bytes in MiB. */
export function mebibytes(value: number | undefined): string {
  return value === undefined ? "–" : digits(value / 2 ** 20);
}
