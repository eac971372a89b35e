import type { IncomingMessage } from "node:http";
import { forgetPromise } from "../call/app-result.js";
import { statusName } from "../errors/status.js";
import { thrownText } from "../errors/thrown-text.js";
import { hasMethods, instance } from "../options/option-kinds.js";
import type { CallObserver } from "./call-observer.js";
import type { CallRecord } from "./call-record.js";

type LogLevel = "info" | "warn" | "error";

/** A logger: pino's, or another with these methods. */
export interface CallLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Whether lines of a level are written. If a logger has this, no line is made for nothing. pino and winston have it. */
  isLevelEnabled?(level: LogLevel): boolean;
}

const LOGGER = instance<CallLogger>(
  { text: "takes the lines", type: "CallLogger", expected: "a logger with info, warn and error, such as pino's" },
  (given) => hasMethods(given, "info", "warn", "error"),
).required();

/**
 * Creates an observer that logs each call when it is over. Streams and WebSockets are also logged when they begin:
 *
 * ```ts
 * const gateway = etcdGateway({ endpoints, observers: [accessLog(pino())] });
 * ```
 *
 * A line contains no URL, header, key, value or token. It has the code of an error. It has the message only if the HTTP
 * status is 500 or above, because other messages may quote what a client has sent.
 *
 * The level is `info`, or `error` for calls that fail with a status of 500 or above. Calls that the gateway turns away
 * because no place is free, or because it closes, have the level `warn`.
 *
 * @throws TypeError if the logger lacks a method
 */
export function accessLog(logger: CallLogger): CallObserver {
  LOGGER.readArgument(logger, "logger");
  return {
    onStart(call, req) {
      const isLogged = call.isStream || call.protocol === "websocket";
      // Returned, because the functions of an app may be asynchronous, and reject.
      return isLogged && writes(logger, "info") ? logger.info(startFields(call, req), "stream") : undefined;
    },
    onEnd(call, req) {
      const level = levelOf(call);
      return writes(logger, level) ? logger[level](endFields(call, req), "call") : undefined;
    },
  };
}

function writes(logger: CallLogger, level: LogLevel): boolean {
  const enabled: unknown = logger.isLevelEnabled?.(level);
  forgetPromise(enabled);
  return enabled === undefined || Boolean(enabled);
}

function levelOf({ error, rejected }: CallRecord): LogLevel {
  if (error === undefined || error.httpStatus < 500) return "info";
  return rejected === undefined ? "error" : "warn";
}

function startFields(call: CallRecord, req: IncomingMessage): object {
  return {
    requestId: call.requestId,
    client: clientOf(call, req),
    method: call.httpMethod,
    route: call.template,
    rpc: call.rpc,
    protocol: call.protocol,
    framing: call.framing,
  };
}

function endFields(call: CallRecord, req: IncomingMessage): object {
  // Not a literal that spreads the first fields: Node.js 20 takes 15 µs for it.
  const end = {
    status: call.httpStatus,
    code: call.code === undefined ? undefined : statusName(call.code),
    durationMs: rounded(call.duration),
    backendMs: call.attempts === 0 ? undefined : rounded(call.backendDuration),
    endpoint: call.endpoint,
    attempts: call.attempts > 1 ? call.attempts : undefined,
    resumptions: call.resumptions > 0 ? call.resumptions : undefined,
    requestMessages: call.requestMessages,
    requestBytes: call.requestBytes,
    responseMessages: call.responseMessages,
    responseBytes: call.responseBytes,
    rejected: call.rejected,
  };
  return Object.assign(startFields(call, req), end, errorFields(call));
}

/** Returns the client's address as the app sees it. Express knows which proxies to trust. */
function clientOf({ clientAddress }: CallRecord, req: IncomingMessage): string | undefined {
  const ip: unknown = Reflect.get(req, "ip");
  return typeof ip === "string" ? ip : clientAddress;
}

function errorFields({ error }: CallRecord): { readonly error?: string; readonly cause?: string } {
  if (error === undefined || error.httpStatus < 500) return {};
  const { message, cause } = error;
  return { error: message, ...(cause !== undefined && { cause: thrownText(cause).message }) };
}

/** Rounds milliseconds to microseconds. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
