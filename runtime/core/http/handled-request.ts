import type { GatewayError } from "../errors/gateway-error.js";
import type { RejectionReason } from "../observe/call-record.js";
import type { Recording } from "../observe/recording.js";
import type { GatewayRequest } from "./body/gateway-request.js";
import type { GatewayContext } from "./exchange.js";
import type { GatewayResponse } from "./response/gateway-response.js";

/** Passes a request on to the next handler. */
export type NextHandler = (error?: unknown) => void;

/** A request that the gateway responds to, with a route or without. */
export interface HandledRequest {
  readonly req: GatewayRequest;
  readonly res: GatewayResponse;
  /** The path, relative to where the handler is mounted. */
  readonly path: string;
  /** The record of the request. `undefined` if nothing observes calls. */
  readonly record: Recording | undefined;
  /** Passes the request on. `undefined` if there is no handler after the gateway. */
  readonly next: NextHandler | undefined;
}

/** Tells the observers and the app that the gateway rejects a request. */
export function reportRejection(
  { onError }: Pick<GatewayContext, "onError">,
  { req, record }: HandledRequest,
  error: GatewayError,
  reason: RejectionReason,
): void {
  record?.fail(error, reason);
  onError(error, req);
}
