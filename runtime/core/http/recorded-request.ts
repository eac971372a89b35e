import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallObservers } from "../observe/call-observers.js";
import type { CallFraming } from "../observe/call-record.js";
import { Recording } from "../observe/recording.js";
import { requestedFraming } from "./route/requested-framing.js";
import type { ServedRoute } from "./served-route.js";

/**
 * Begins the record of a request.
 *
 * @param route the route of the request, if it has one
 * @param isHandshake whether the request is a WebSocket handshake
 */
export function beginRecord(
  observers: CallObservers,
  req: IncomingMessage,
  res: ServerResponse,
  route: ServedRoute | undefined,
  isHandshake: boolean,
): Recording {
  const method = route?.rpc.method;
  return new Recording(observers, req, res, {
    rpc: route?.rpc.name,
    template: route?.binding.template,
    isStream: method?.requestStream === true || method?.responseStream === true,
    protocol: isHandshake ? "websocket" : "http",
    framing: isHandshake ? "websocket" : framingOf(route, req),
  });
}

function framingOf(route: ServedRoute | undefined, { headers }: IncomingMessage): CallFraming {
  if (route?.responseTranscoder.raw === true) return "bytes";
  return route?.rpc.method.responseStream === true ? requestedFraming(headers.accept).name : "json";
}
