import { monotonicTime } from "../../timers/monotonic-time.js";

/** The units of `grpc-timeout` in milliseconds, the smallest first. */
const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["m", 1],
  ["S", 1_000],
  ["M", 60_000],
  ["H", 3_600_000],
];
/** The largest number in the header, which has at most eight digits. */
const MOST = 99_999_999;

/**
 * The longest timeout that gRPC can express, in milliseconds (about 11,000 years). grpc-js throws an error that cannot
 * be caught if a timeout is longer.
 */
export const LONGEST_GRPC_TIMEOUT: number = MOST * 3_600_000;

/**
 * Returns the value of the header `grpc-timeout`: the time left until a deadline, rounded up, in the smallest unit in
 * which it has at most eight digits.
 *
 * @param deadline a time of {@link monotonicTime}
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function formatGrpcTimeout(deadline: number): string {
  const left = Math.max(deadline - monotonicTime(), 0);
  for (const [unit, milliseconds] of UNITS) {
    const amount = Math.ceil(left / milliseconds);
    if (amount <= MOST) return `${amount}${unit}`;
  }
  return `${MOST}H`;
}
