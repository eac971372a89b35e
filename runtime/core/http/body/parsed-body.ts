import type { IncomingMessage } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** A request whose body other middleware may have read: Express's body parsers leave it in `body`. */
export interface GatewayRequest extends IncomingMessage {
  body?: unknown;
  /** The bytes of the body, which some platforms and `verify` hooks keep. */
  rawBody?: unknown;
}

/** Types whose parsers make objects of other things than JSON. */
const NOT_JSON = /form|multipart|xml|yaml/i;

const MOUNT_FIRST = "mount the gateway before the app's body parsers";

/**
 * The bytes of a body that something before the gateway has read: as they came, where they were kept, or else written
 * anew from what a JSON parser made of them, if nothing can have been lost. A member that was there twice is: of two,
 * `JSON.parse` keeps the last.
 *
 * @param raw whether it is no JSON to be read, so that only its bytes will do
 * @throws GatewayError `INTERNAL` if the body is gone, or has been through a parser that may have changed it
 */
export function bodyAsRead(req: GatewayRequest, raw: boolean): Buffer {
  if (raw) return rawBodyAsRead(req);
  const kept = bytesOf(req.rawBody) ?? bytesOf(req.body);
  if (kept !== undefined) return kept;
  warnOnce();
  if (req.body === undefined || NOT_JSON.test(req.headers["content-type"] ?? "")) {
    throw new GatewayError(Status.INTERNAL, `the request body was read before it reached the gateway: ${MOUNT_FIRST}`);
  }
  if (hasRoundedNumber(req.body)) {
    throw new GatewayError(
      Status.INTERNAL,
      `the request body was parsed before it reached the gateway, and a number in it may have been rounded: ${MOUNT_FIRST}`,
    );
  }
  return stringify(req.body);
}

let hasWarned = false;

/** Tells the app's log what each client that is refused is told, before the first is. */
function warnOnce(): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    "a body parser read a request before the gateway did: mount the gateway before the app's body parsers; until then, requests whose body may have been changed are answered 500",
    { type: "GatewayWarning", code: "BODY_PARSED" },
  );
}

function rawBodyAsRead({ rawBody, body }: GatewayRequest): Buffer {
  const kept = [rawBody, body].find((each) => Buffer.isBuffer(each));
  if (kept !== undefined) return kept;
  throw new GatewayError(Status.INTERNAL, `the request body was parsed before it reached the gateway: ${MOUNT_FIRST}`);
}

function bytesOf(body: unknown): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body;
  return typeof body === "string" ? Buffer.from(body) : undefined;
}

function stringify(body: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(body));
  } catch (error) {
    // A RangeError: JSON.parse takes any depth, JSON.stringify does not.
    throw new GatewayError(Status.INVALID_ARGUMENT, "the request body is nested too deeply", { cause: error });
  }
}

/** Whether a number in parsed JSON may differ from the text it came from: it is not finite, or beyond 2^53. */
function hasRoundedNumber(json: unknown): boolean {
  const pending: unknown[] = [json];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === "number") {
      if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return true;
    } else if (typeof value === "object" && value !== null) {
      for (const member of Object.values(value)) pending.push(member);
    }
  }
  return false;
}
