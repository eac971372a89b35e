import { Duplex } from "node:stream";

/** A response as HTTP/2 has it, below gRPC. */
export interface Http2Response {
  /** The HTTP status. */
  readonly status: number;
  /** The HTTP/2 stream. Only observe it: grpc-js reads and writes it. */
  readonly stream: Duplex;
}

/**
 * Finds the HTTP/2 response of a call of grpc-js. grpc-js does not report it, and does not notice that a server ended a
 * response without a status while the request continues. So this reads private members of grpc-js.
 *
 * @param call a call that has received response headers
 * @returns `undefined` if a version of grpc-js has other members
 */
export function http2ResponseOf(call: unknown): Http2Response | undefined {
  const retrying = member(call, "child");
  const underlying = member(retrying, "underlyingCalls");
  const balanced: unknown = Array.isArray(underlying) ? member(underlying.at(-1), "call") : undefined;
  const onWire = member(balanced, "child");
  const status = member(onWire, "httpStatusCode");
  const stream = member(onWire, "http2Stream");
  return typeof status === "number" && stream instanceof Duplex ? { status, stream } : undefined;
}

function member(owner: unknown, name: string): unknown {
  return typeof owner === "object" && owner !== null ? Reflect.get(owner, name) : undefined;
}
