import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { ByteAccumulator, tooLarge } from "../../session/byte-accumulator.js";
import { BodyTimer } from "./body-timer.js";
import { bodyAsRead, type GatewayRequest } from "./parsed-body.js";

/** What a request body may cost. */
export interface BodyLimits {
  /** The most bytes of a body, or of one message of a stream. */
  readonly bodyLimit: number;
  /** How long a body, or the first message of a stream, may take to arrive, in milliseconds; a stream may last for ever. */
  readonly bodyTimeout: number;
}

/**
 * Reads a whole request body as it is, whatever its `Content-Type` says. One of the two callbacks is called, once; none
 * if the client goes away first. The errors: 413 over the limit (before a byte is read, if `Content-Length` tells), 408
 * over the time, 415 if the body is encoded, and those of {@link bodyAsRead} and {@link refuseDecodedBody}.
 *
 * @param raw whether it is bytes to be passed on, rather than JSON
 */
export function readBody(
  req: GatewayRequest,
  limits: BodyLimits,
  onBody: (body: Buffer) => void,
  onError: (error: unknown) => void,
  raw = false,
): void {
  const body = new ByteAccumulator(limits.bodyLimit);
  try {
    if (Number(req.headers["content-length"]) > limits.bodyLimit) throw tooLarge(limits.bodyLimit);
    refuseEncodedBody(req);
    if (wasRead(req)) {
      body.append(bodyAsRead(req, raw));
      onBody(body.take());
      return;
    }
    refuseDecodedBody(req);
  } catch (error) {
    onError(error);
    return;
  }

  const timer = new BodyTimer(limits.bodyTimeout, () => {
    stop();
    onError(bodyTimedOut(limits.bodyTimeout));
  });
  const onData = (chunk: Buffer): void => {
    try {
      body.append(chunk);
    } catch (error) {
      stop();
      onError(error);
    }
  };
  const onEnd = (): void => {
    stop();
    onBody(body.take());
  };
  const stop = (): void => {
    timer.stop();
    req.off("data", onData).off("end", onEnd).off("close", stop);
  };
  req.on("data", onData).on("end", onEnd).on("close", stop);
}

/** Whether something before the gateway has read the body. A `body` alone says nothing: Express 4 sets it to `{}` unread. */
export function wasRead(req: GatewayRequest): boolean {
  return req.readableDidRead || req.readableEnded;
}

/**
 * Refuses a body that is encoded: the gateway inflates nothing. (Nor does etcd: it takes compressed bytes for JSON.)
 *
 * @throws GatewayError `INVALID_ARGUMENT` (415)
 */
export function refuseEncodedBody(req: GatewayRequest): void {
  const encoding = req.headers["content-encoding"];
  if (encoding === undefined || encoding.toLowerCase() === "identity" || wasRead(req)) return;
  throw new GatewayError(Status.INVALID_ARGUMENT, "Content-Encoding is not supported: send the body uncompressed", {
    httpStatus: 415,
    headers: { "Accept-Encoding": "identity" },
  });
}

/**
 * Refuses a body whose bytes something before the gateway has made Node.js decode (`req.setEncoding`), by which invalid
 * UTF-8 would pass for other text.
 *
 * @throws GatewayError `INTERNAL`
 */
export function refuseDecodedBody(req: GatewayRequest): void {
  if (req.readableEncoding === null) return;
  throw new GatewayError(
    Status.INTERNAL,
    "the request body is being decoded before it reaches the gateway: mount the gateway before what calls req.setEncoding",
  );
}

/** The error of a body, or of the first message of a stream, that has taken too long. */
export function bodyTimedOut(timeout: number): GatewayError {
  return new GatewayError(Status.DEADLINE_EXCEEDED, `the request body did not arrive within ${timeout} ms`, {
    httpStatus: 408,
  });
}
