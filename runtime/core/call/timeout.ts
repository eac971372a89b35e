import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

const TIMEOUT = /^([+-]?)([0-9]+)([HMSmun])$/;

/** What 64 bits hold, as in etcd's gateway. */
const MOST = 2n ** 63n - 1n;

const MILLISECONDS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** The longest timeout that gRPC can say, some 11,000 years: grpc-js throws out of anybody's reach if one is longer. */
const LONGEST = 99_999_999 * 3_600_000;

/**
 * Reads a `Grpc-Timeout` header: digits and a unit, hours to nanoseconds. Gives milliseconds; `0` means no timeout, and a
 * negative one has passed already, as in etcd's gateway. gRPC itself has no more than 8 digits, but gateways take more.
 *
 * @throws GatewayError `INVALID_ARGUMENT` for anything else.
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function parseTimeout(text: string): number {
  const [, sign, digits, unit] = TIMEOUT.exec(text) ?? [];
  const factor = MILLISECONDS[unit ?? ""];
  if (digits === undefined || factor === undefined || BigInt(digits) > MOST) {
    throw new GatewayError(Status.INVALID_ARGUMENT, `invalid grpc-timeout: ${text}`);
  }
  const timeout = Math.min(Number(digits) * factor, LONGEST);
  return sign === "-" && timeout > 0 ? -timeout : timeout;
}
