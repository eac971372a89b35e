import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { GatewayRequest } from "./gateway-request.js";

/** Content types whose parsers create objects from formats other than JSON. */
const NOT_JSON = /form|multipart|xml|yaml/i;

const MOUNT_FIRST = "mount the gateway before the app's body parsers";

/**
 * Returns the bytes of a body that something before the gateway has already read:
 *
 * - the original bytes or text, if `rawBody` or `body` holds them
 * - otherwise the parsed JSON, serialized again, if the parser cannot have rounded a number. One loss remains: if a
 *   member occurs twice, `JSON.parse` keeps the last one.
 *
 * @param raw whether the body is passed on as bytes instead of being read as JSON: then only the original bytes will do
 * @throws GatewayError `INTERNAL` if the body is gone, or if a parser may have changed it; `INVALID_ARGUMENT` if it is
 *   nested too deeply
 */
export function bodyAsRead(req: GatewayRequest, raw: boolean): Buffer {
  if (raw) return rawBodyAsRead(req);
  const kept = bytesOf(req.rawBody) ?? bytesOf(req.body);
  if (kept !== undefined) return kept;
  warnOnce();
  if (req.body === undefined || NOT_JSON.test(req.headers["content-type"] ?? "")) {
    throw new GatewayError(Status.INTERNAL, `the request body was read before it reached the gateway: ${MOUNT_FIRST}`);
  }
  rejectChanged(req.body);
  return stringify(req.body);
}

let hasWarned = false;

/** Warns once, before the first client gets an error, so that the reason is also in the app's log. */
function warnOnce(): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    "a body parser read a request before the gateway did: mount the gateway before the app's body parsers; until then, requests whose body may have changed get status 500",
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
    // JSON.parse accepts any depth, JSON.stringify does not.
    if (error instanceof RangeError) {
      throw new GatewayError(Status.INVALID_ARGUMENT, "the request body is nested too deeply", { cause: error });
    }
    throw new GatewayError(
      Status.INTERNAL,
      `the request body was parsed before it reached the gateway, and cannot be written as JSON: ${MOUNT_FIRST}`,
      { cause: error },
    );
  }
}

/**
 * Rejects parsed JSON that may differ from its text:
 *
 * - a number that is not finite, or beyond 2^53 - 1, may have been rounded
 * - an object that occurs twice comes from the app. Written as JSON, it may have no end
 *
 * @throws GatewayError `INTERNAL`
 */
function rejectChanged(json: unknown): void {
  const seen = new Set<object>();
  const pending: unknown[] = [json];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === "number") {
      if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) continue;
      throw new GatewayError(
        Status.INTERNAL,
        `the request body was parsed before it reached the gateway, and a number in it may have been rounded: ${MOUNT_FIRST}`,
      );
    }
    if (typeof value !== "object" || value === null) continue;
    if (seen.has(value)) {
      throw new GatewayError(
        Status.INTERNAL,
        `the request body was parsed before it reached the gateway, and it contains the same object twice: ${MOUNT_FIRST}`,
      );
    }
    seen.add(value);
    for (const member of Object.values(value)) pending.push(member);
  }
}
