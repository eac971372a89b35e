import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { currentResponse } from "../http/connection/earlier-responses.js";
import { sendLast } from "../http/connection/last-response.js";

const MALFORMED = new GatewayError(Status.INVALID_ARGUMENT, "the request is not valid HTTP/1.1 (RFC 9112)");

/** The errors by the error code of Node.js's parser. */
const BY_PARSER_ERROR: ReadonlyMap<string, GatewayError> = new Map([
  // The status is 501: it is a method that no server knows, rather than one that the path does not have (RFC 9110,
  // 15.6.2).
  ["HPE_INVALID_METHOD", new GatewayError(Status.UNIMPLEMENTED, "the method is not one of HTTP")],
  [
    "HPE_HEADER_OVERFLOW",
    new GatewayError(Status.RESOURCE_EXHAUSTED, "the request's headers are too large", { httpStatus: 431 }),
  ],
  [
    "ERR_HTTP_REQUEST_TIMEOUT",
    new GatewayError(Status.DEADLINE_EXCEEDED, "the request's headers did not arrive in time", { httpStatus: 408 }),
  ],
]);

/**
 * Responds to requests that Node.js's HTTP parser rejects, and closes the connection. Earlier requests of the connection
 * get their responses first.
 */
export function rejectMalformedRequests(server: Server): void {
  const rejected = new WeakSet<Duplex>();
  server.on("clientError", (error: NodeJS.ErrnoException, connection: Duplex) => {
    // Everything after the first malformed data is malformed too.
    if (rejected.has(connection)) return;
    if (!connection.writable) {
      connection.destroy();
      return;
    }
    rejected.add(connection);
    reject(connection, isRequestLine(error) ? (BY_PARSER_ERROR.get(error.code ?? "") ?? MALFORMED) : MALFORMED);
  });
}

/**
 * Whether the bytes that Node.js cannot parse begin as a request does: with a method and a target. Its parser reports a
 * wrong method for everything else too, for example for HTTPS that is sent to an HTTP port.
 */
function isRequestLine(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }): boolean {
  if (error.code !== "HPE_INVALID_METHOD" || error.rawPacket === undefined) return true;
  return /^(\r?\n)*[!#$%&'*+.^_`|~\w-]+ [^\s]/.test(error.rawPacket.toString("latin1", 0, 256));
}

function reject(connection: Duplex, error: GatewayError): void {
  if (!connection.writable) return;
  const cut = (): void => void connection.destroy();
  const response = currentResponse(connection);
  if (response?.req.complete === true) {
    // The malformed data follows the request that is in progress. Node.js no longer notices when the client
    // disconnects.
    if (connection.readableEnded) cut();
    else connection.once("end", cut);
    response.once("close", () => {
      connection.off("end", cut);
      reject(connection, error);
    });
  } else if (response?.headersSent === true) {
    cut();
  } else {
    sendLast(connection, error);
  }
}
