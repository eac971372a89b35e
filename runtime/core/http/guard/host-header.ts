import type { IncomingMessage } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/**
 * Returns the error of a request with more than one `Host` header (RFC 9112, 3.2). Node.js keeps only the first one,
 * and a proxy in front may have looked at another one. A request that an adapter makes may have no `rawHeaders`.
 */
export function repeatedHost({
  rawHeaders = [],
}: Partial<Pick<IncomingMessage, "rawHeaders">>): GatewayError | undefined {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count > 1
    ? new GatewayError(Status.INVALID_ARGUMENT, "the request has more than one Host header (RFC 9112, 3.2)")
    : undefined;
}
