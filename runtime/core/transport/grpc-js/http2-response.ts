import { Duplex } from "node:stream";

/** A response as HTTP/2 has it, below gRPC. */
export interface Http2Response {
  /** The HTTP status. */
  readonly status: number;
  /** The HTTP/2 stream. Only observe and pause it: grpc-js reads and writes it. */
  readonly stream: Duplex;
  /** Returns the size of the message of which a part has arrived, in bytes; 0 if there is none. */
  arriving(): number;
  /** Drops the last message, which grpc-js keeps until the next one begins. */
  forget(): void;
}

const PARTS = "readPartialMessage";

/**
 * Finds the HTTP/2 response of a call of grpc-js. grpc-js does not report it, does not notice that a server ended a
 * response without a status while the request continues, does not tell the size of a message before it is complete, and
 * keeps its parts afterwards. So this uses private members of grpc-js.
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
  const decoder = member(onWire, "decoder");
  const arriving = (): number => {
    const length = member(decoder, "readMessageRemaining") === 0 ? 0 : member(decoder, "readMessageSize");
    return typeof length === "number" ? length : 0;
  };
  const forget = (): void => {
    if (typeof decoder !== "object" || decoder === null || arriving() > 0) return;
    if (Array.isArray(member(decoder, PARTS))) Reflect.set(decoder, PARTS, []);
  };
  return typeof status === "number" && stream instanceof Duplex ? { status, stream, arriving, forget } : undefined;
}

function member(owner: unknown, name: string): unknown {
  return typeof owner === "object" && owner !== null ? Reflect.get(owner, name) : undefined;
}
