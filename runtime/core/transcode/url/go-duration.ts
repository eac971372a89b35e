/** The number of nanoseconds in each unit of Go's durations. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const JSON_DURATION = /^-?[0-9]+(?:\.[0-9]+)?s$/;
const GO_DURATION = /^([+-]?)((?:[0-9]{1,18}(?:\.[0-9]{1,18})?(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const PART = /([0-9]+)(?:\.([0-9]+))?([a-zµμ]+)/g;

/**
 * Converts a Go duration, e.g. `1h30m` or `250ms`, to the form of JSON, in seconds. Any other text is returned
 * unchanged. Fractions of a nanosecond are cut off. grpc-gateway accepts Go's form in URLs.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function durationText(text: string): string {
  if (JSON_DURATION.test(text)) return text;
  const [, sign = "", parts = ""] = GO_DURATION.exec(text) ?? [];
  let nanos = 0n;
  for (const [, whole = "", fraction = "", name = ""] of parts.matchAll(PART)) {
    const unit = UNITS.get(name) ?? 0n;
    nanos += BigInt(whole) * unit + (BigInt(fraction || "0") * unit) / 10n ** BigInt(fraction.length);
  }
  if (parts === "") return text;
  const minus = sign === "-" ? "-" : "";
  return `${minus}${nanos / 1_000_000_000n}.${(nanos % 1_000_000_000n).toString().padStart(9, "0")}s`;
}
