import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { ByteAccumulator, tooLarge } from "../../session/byte-accumulator.js";
import type { IncompleteRequests } from "../../session/limit/incomplete-requests.js";
import { BodyTimer } from "./body-timer.js";
import type { GatewayRequest } from "./gateway-request.js";
import { bodyAsRead } from "./parsed-body.js";

/** The body of a request whose route reads none. */
export const NO_BODY: Buffer = Buffer.alloc(0);

/** Limits for request bodies. */
export interface BodyLimits {
  /** The largest body, or message of a stream, in bytes. */
  readonly bodyLimit: number;
  /**
   * How long a body, or the first message of a stream, may take to arrive, in milliseconds. The stream itself has no
   * limit.
   */
  readonly bodyTimeout: number;
  /** The bodies, and messages of streams, that are arriving or wait. */
  readonly incompleteRequests: IncompleteRequests;
}

/**
 * Reads a whole request body, whatever its `Content-Type`. Calls one of the two callbacks, once, or none if the client
 * disconnects first. The errors are:
 *
 * - 413 if the body is over the limit. If `Content-Length` shows this, nothing is read.
 * - 408 if the body takes too long.
 * - 415 if the body has a content encoding.
 * - 503 if the bodies of all requests that are arriving are too large together.
 * - The errors of {@link bodyAsRead} and {@link rejectDecodedBody}.
 *
 * @param raw whether the body is passed on as bytes instead of being read as JSON
 */
export function readBody(
  req: GatewayRequest,
  limits: BodyLimits,
  onBody: (body: Buffer) => void,
  onError: (error: unknown) => void,
  raw = false,
): void {
  const fail = (error: unknown): void => {
    stop();
    onError(error);
  };
  const body = new ByteAccumulator(limits.bodyLimit, limits.incompleteRequests.begin(fail));
  try {
    if (Number(req.headers["content-length"]) > limits.bodyLimit) throw tooLarge(limits.bodyLimit);
    rejectEncodedBody(req);
    if (wasRead(req)) {
      body.append(bodyAsRead(req, raw));
      onBody(body.take());
      return;
    }
    rejectDecodedBody(req);
  } catch (error) {
    onError(error);
    return;
  }

  const timer = new BodyTimer(limits.bodyTimeout, fail);
  const onData = (chunk: Buffer): void => {
    try {
      body.append(chunk);
    } catch (error) {
      fail(error);
    }
  };
  const onEnd = (): void => {
    const bytes = body.take();
    stop();
    onBody(bytes);
  };
  const stop = (): void => {
    timer.stop();
    body.drop();
    req.off("data", onData).off("end", onEnd).off("close", stop);
  };
  req.on("data", onData).on("end", onEnd).on("close", stop);
}

/**
 * Whether something before the gateway has read the body. A `body` alone proves nothing: Express 4 sets it to `{}`
 * without reading.
 */
export function wasRead(req: GatewayRequest): boolean {
  return req.readableDidRead || req.readableEnded;
}

/**
 * Rejects a body that has a content encoding, because the gateway does not decompress bodies. (Neither does etcd. It
 * reads compressed bytes as JSON.)
 *
 * @throws GatewayError `INVALID_ARGUMENT` (415)
 */
export function rejectEncodedBody(req: GatewayRequest): void {
  const encoding = req.headers["content-encoding"];
  if (encoding === undefined || ["", "identity"].includes(encoding.toLowerCase()) || wasRead(req)) return;
  throw new GatewayError(Status.INVALID_ARGUMENT, "Content-Encoding is not supported: send the body uncompressed", {
    httpStatus: 415,
    headers: { "Accept-Encoding": "identity" },
  });
}

/**
 * Rejects a body that Node.js decodes to text because something before the gateway has called `req.setEncoding`.
 * Decoding replaces invalid UTF-8 with other text.
 *
 * @throws GatewayError `INTERNAL`
 */
export function rejectDecodedBody(req: GatewayRequest): void {
  if (req.readableEncoding === null) return;
  throw new GatewayError(
    Status.INTERNAL,
    "the request body is being decoded before it reaches the gateway: mount the gateway before the middleware that calls req.setEncoding",
  );
}
