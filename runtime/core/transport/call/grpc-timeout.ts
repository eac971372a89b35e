/** The units of `grpc-timeout` with their milliseconds, finest first. */
const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["m", 1],
  ["S", 1_000],
  ["M", 60_000],
  ["H", 3_600_000],
];
/** The most that the header's eight digits say. */
const MOST = 99_999_999;

/**
 * The value of the header `grpc-timeout`: the time that is left until a deadline, never less, in the finest unit in
 * which it has at most eight digits.
 *
 * @param deadline in milliseconds since the epoch
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function grpcTimeout(deadline: number): string {
  const left = Math.max(deadline - Date.now(), 0);
  for (const [unit, milliseconds] of UNITS) {
    const amount = Math.ceil(left / milliseconds);
    if (amount <= MOST) return `${amount}${unit}`;
  }
  return `${MOST}H`;
}
