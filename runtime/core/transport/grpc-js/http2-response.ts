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

let hasWarned = false;

/**
 * Finds the HTTP/2 response of a call of grpc-js. grpc-js does not report it, does not notice that a server ended a
 * response without a status while the request continues, does not tell the size of a message before it is complete, and
 * keeps its parts afterwards. So this uses private members of grpc-js.
 *
 * @param call a call that has received response headers
 * @returns `undefined` if a version of grpc-js has other members. Then the process emits a warning, once
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
    const size = member(decoder, "readMessageSize");
    const remaining = member(decoder, "readMessageRemaining");
    return typeof size === "number" && typeof remaining === "number" && remaining > 0 ? size : 0;
  };
  if (
    typeof status !== "number" ||
    !(stream instanceof Duplex) ||
    typeof decoder !== "object" ||
    decoder === null ||
    typeof member(decoder, "readMessageSize") !== "number" ||
    typeof member(decoder, "readMessageRemaining") !== "number" ||
    !Array.isArray(member(decoder, PARTS))
  ) {
    warnOnce();
    return undefined;
  }
  const forget = (): void => {
    if (arriving() === 0) Reflect.set(decoder, PARTS, []);
  };
  return { status, stream, arriving, forget };
}

function warnOnce(): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    'the gateway does not know this version of @grpc/grpc-js: large responses that are arriving do not count in limits.maxUnread. Install a version that the gateway was tested with, or choose the channel "lean"',
    { type: "GatewayWarning", code: "GRPC_JS_UNKNOWN" },
  );
}

function member(owner: unknown, name: string): unknown {
  return typeof owner === "object" && owner !== null ? Reflect.get(owner, name) : undefined;
}
