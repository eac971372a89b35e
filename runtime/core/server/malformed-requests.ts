import { type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Status } from "../errors/status.js";

/** How long a client may take to read the answer before its connection is cut, in milliseconds. */
const LINGER = 1_000;

/** An answer to what Node.js cannot read. */
interface Refusal {
  readonly status: string;
  readonly code: number;
  readonly message: string;
}

const MALFORMED: Refusal = {
  status: "400 Bad Request",
  code: Status.INVALID_ARGUMENT,
  message: "the request is not HTTP/1.1 as RFC 9112 has it",
};

/** By the error code of Node.js's parser. */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  [
    "HPE_INVALID_METHOD",
    // A method that no server knows, rather than one that the path has not (RFC 9110, 15.6.2).
    { status: "501 Not Implemented", code: Status.UNIMPLEMENTED, message: "Method Not Allowed" },
  ],
  [
    "HPE_HEADER_OVERFLOW",
    {
      status: "431 Request Header Fields Too Large",
      code: Status.RESOURCE_EXHAUSTED,
      message: "the request's headers are too large",
    },
  ],
  [
    "ERR_HTTP_REQUEST_TIMEOUT",
    {
      status: "408 Request Timeout",
      code: Status.DEADLINE_EXCEEDED,
      message: "the request's headers did not arrive in time",
    },
  ],
]);

/** Answers what Node.js's HTTP parser refuses, as the gateway answers what it refuses itself, and closes the connection. */
export function refuseMalformedRequests(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const { status, code, message } = REFUSALS.get(error.code ?? "") ?? MALFORMED;
    const body = JSON.stringify({ code, message });
    const head = [
      `HTTP/1.1 ${status}`,
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "X-Content-Type-Options: nosniff",
      "Connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
    // Node.js looks after this connection no longer, and a client may never close its side.
    setTimeout(() => socket.destroy(), LINGER).unref();
  });
}

/** Whether an earlier request of the connection is being answered: so does Node.js find out for its own answers. */
function isAnswering(socket: Duplex): boolean {
  const response: unknown = Reflect.get(socket, "_httpMessage");
  return response instanceof ServerResponse && response.headersSent;
}
