import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { LONGEST_GRPC_TIMEOUT } from "../transport/call/format-grpc-timeout.js";

const TIMEOUT = /^([+-]?)([0-9]+)([HMSmun])$/;

/** The largest signed 64-bit number, the limit of etcd's gateway. */
const MOST = 2n ** 63n - 1n;

const MILLISECONDS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/**
 * Reads a `Grpc-Timeout` header: digits and a unit, from hours to nanoseconds. gRPC itself allows at most 8 digits, but
 * gateways accept more.
 *
 * @returns milliseconds; `0` for no timeout; a negative number if it has already passed, as in etcd's gateway
 * @throws GatewayError `INVALID_ARGUMENT` for any other text
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function parseGrpcTimeout(text: string): number {
  const [, sign, digits, unit] = TIMEOUT.exec(text) ?? [];
  const factor = MILLISECONDS[unit ?? ""];
  if (digits === undefined || factor === undefined || BigInt(digits) > MOST) {
    throw new GatewayError(Status.INVALID_ARGUMENT, `invalid grpc-timeout: ${text}`);
  }
  const timeout = Math.min(Number(digits) * factor, LONGEST_GRPC_TIMEOUT);
  return sign === "-" && timeout > 0 ? -timeout : timeout;
}
