import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import type { CallObserver } from "./call-observer.js";
import { CallObservers } from "./call-observers.js";
import type { RejectionReason } from "./call-record.js";
import { OBSERVERS } from "./observers-option.js";
import { Recording } from "./recording.js";

/** Records that a request is rejected. Call it before you send the response. */
export type RejectionRecorder = (
  req: IncomingMessage,
  res: ServerResponse,
  error: GatewayError,
  reason: RejectionReason,
) => void;

/**
 * Creates the function by which an app records the requests that it rejects beside its gateway. Observers receive these
 * records like those of the gateway's own rejections: without an RPC, and with a reason. The record of a pipelined
 * request begins when the requests before it have their responses.
 *
 * @param observers the observers to report to, beside the subscribers of the diagnostics channels
 * @throws TypeError if it is not a list of observers
 */
export function rejectionRecorder(observers: readonly CallObserver[]): RejectionRecorder {
  const all = new CallObservers(OBSERVERS.readArgument(observers, "observers"));
  return function recordRejection(req, res, error, reason) {
    if (!all.isAnybody) return;
    const facts = { rpc: undefined, template: undefined, isStream: false, protocol: "http", framing: "json" } as const;
    const record = (): void => new Recording(all, req, res, facts).fail(error, reason);
    // A response that waits for earlier ones of its connection emits nothing if the client disconnects meanwhile.
    if (res.socket === null) res.once("socket", record);
    else record();
  };
}
