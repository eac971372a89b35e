import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import type { CallObserver } from "./call-observer.js";
import { CallObservers } from "./call-observers.js";
import type { RefusalReason } from "./call-record.js";
import { Recording } from "./recording.js";

/** Records that a request is refused. Call it before you send the response. */
export type RefusalRecorder = (
  req: IncomingMessage,
  res: ServerResponse,
  error: GatewayError,
  reason: RefusalReason,
) => void;

/**
 * Creates the function by which an app records the requests that it refuses beside its gateway. Observers receive these
 * records like those of the gateway's own refusals: without an rpc, and with a reason.
 *
 * @param observers the observers to report to, beside the subscribers of the diagnostics channels
 */
export function refusalRecorder(observers: readonly CallObserver[]): RefusalRecorder {
  const all = new CallObservers(observers);
  return function recordRefusal(req, res, error, reason) {
    if (!all.isAnybody) return;
    const facts = { rpc: undefined, template: undefined, isStream: false, face: "http", framing: "json" } as const;
    new Recording(all, req, res, facts).fail(error, reason);
  };
}
