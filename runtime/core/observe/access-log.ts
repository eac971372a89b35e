import type { IncomingMessage } from "node:http";
import { statusName } from "../errors/status.js";
import { hasMethods, instance } from "../options/option-kinds.js";
import type { CallObserver } from "./call-observer.js";
import type { CallRecord } from "./call-record.js";

/** A logger: pino's, or another with methods of this shape. */
export interface CallLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LOGGER = instance<CallLogger>(
  { text: "takes the lines", type: "CallLogger", expected: "a logger with info, warn and error, such as pino's" },
  (given) => hasMethods(given, "info", "warn", "error"),
).required();

/**
 * Makes an observer that logs each call when it is over, and each stream when it begins, too:
 *
 * ```ts
 * const gateway = etcdGateway({ endpoints, observers: [accessLog(pino())] });
 * ```
 *
 * A line has no URL, header, key, value or token in it. An error is told by its code; its message only if its status is 500
 * or above, as the messages of others may quote what a client has sent.
 *
 * Calls are logged at the level `info`; those that fail with a status of 500 or above at `error`, but those that the gateway
 * has turned away for lack of a place, or because it closes, at `warn`.
 *
 * @throws TypeError if the logger is none
 */
export function accessLog(logger: CallLogger): CallObserver {
  LOGGER.readArgument(logger, "logger");
  return {
    onStart(call, req) {
      if (call.isStream || call.face === "websocket") logger.info(startFields(call, req), "stream");
    },
    onEnd(call, req) {
      logger[levelOf(call)](endFields(call, req), "call");
    },
  };
}

function levelOf({ error, refused }: CallRecord): "info" | "warn" | "error" {
  if (error === undefined || error.httpStatus < 500) return "info";
  return refused === undefined ? "error" : "warn";
}

function startFields(call: CallRecord, req: IncomingMessage): object {
  return {
    requestId: call.requestId,
    client: clientOf(call, req),
    method: call.httpMethod,
    route: call.template,
    rpc: call.rpc,
    face: call.face,
    framing: call.framing,
  };
}

function endFields(call: CallRecord, req: IncomingMessage): object {
  return {
    ...startFields(call, req),
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
    refused: call.refused,
    ...errorFields(call),
  };
}

/** The client as the app sees it: Express knows which proxies to trust. */
function clientOf({ clientAddress }: CallRecord, req: IncomingMessage): string | undefined {
  const ip: unknown = Reflect.get(req, "ip");
  return typeof ip === "string" ? ip : clientAddress;
}

function errorFields({ error }: CallRecord): { readonly error?: string; readonly cause?: string } {
  if (error === undefined || error.httpStatus < 500) return {};
  const { message, cause } = error;
  return { error: message, ...(cause instanceof Error && { cause: cause.message }) };
}

/** Milliseconds to the microsecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
