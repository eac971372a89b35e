const UNITS = ["kB", "MB", "GB"] as const;

/** Formats a number of bytes for users. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  let amount = bytes / 1000;
  let unit = 0;
  for (; Math.round(amount) >= 1000 && unit < UNITS.length - 1; unit++) amount /= 1000;
  return `${amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}
