const UNITS = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
] as const;

/** Formats a duration in seconds with its two largest units: `2 h 5 min`. */
export function durationText(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const [length, unit] of UNITS) {
    if (left < length || parts.length === 2) continue;
    parts.push(`${Math.floor(left / length)} ${unit}`);
    left %= length;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}
