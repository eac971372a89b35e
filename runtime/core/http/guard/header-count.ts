import type { IncomingMessage } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** The most headers that Node.js reads if the server sets no `maxHeadersCount`. */
const DEFAULT_MOST = 1000;

/**
 * Returns the error of a request with as many headers as Node.js reads (`server.maxHeadersCount`). Node.js drops all
 * headers after these: they may include an `Origin`, or the length of the body. A request that an adapter makes may have
 * no `rawHeaders`.
 */
export function tooManyHeaders({
  rawHeaders = [],
  socket,
}: Partial<Pick<IncomingMessage, "rawHeaders" | "socket">>): GatewayError | undefined {
  if (socket === undefined) return undefined;
  const most = mostOf(socket);
  if (most <= 0 || rawHeaders.length < 2 * most) return undefined;
  return new GatewayError(Status.RESOURCE_EXHAUSTED, `the request has too many headers: send fewer than ${most}`, {
    httpStatus: 431,
  });
}

/** The most headers that Node.js reads of a request on a connection; 0 or less for no limit. */
function mostOf(connection: object): number {
  const server: unknown = "server" in connection ? connection.server : undefined;
  if (typeof server !== "object" || server === null || !("maxHeadersCount" in server)) return DEFAULT_MOST;
  const { maxHeadersCount } = server;
  return typeof maxHeadersCount === "number" ? maxHeadersCount : DEFAULT_MOST;
}
