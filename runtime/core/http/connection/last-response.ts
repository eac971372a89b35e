import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { GatewayError } from "../../errors/gateway-error.js";
import { v2Errors } from "../../transcode/error-format.js";

/** How long a client may take to read the response before its connection is closed, in milliseconds. */
const LINGER = 1_000;

/**
 * Sends an error as the last response of a connection whose requests Node.js no longer serves. It has the JSON of
 * grpc-gateway v2, because no path tells the dialect. Then closes the connection.
 */
export function sendLast(connection: Duplex, error: GatewayError): void {
  const body = v2Errors.body(error, []);
  const status = v2Errors.status(error);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "X-Content-Type-Options: nosniff",
    "Connection: close",
  ];
  connection.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  // A client may never close its side.
  setTimeout(() => connection.destroy(), LINGER).unref();
}
