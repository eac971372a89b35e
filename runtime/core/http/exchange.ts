import type { CallObservers } from "../observe/call-observers.js";
import type { Recording } from "../observe/recording.js";
import type { Places } from "../session/limit/places.js";
import type { UnreadResponses } from "../session/limit/unread-responses.js";
import type { SessionSettings } from "../session/session-request.js";
import type { GatewayRequest } from "./body/gateway-request.js";
import type { BodyLimits } from "./body/request-body.js";
import type { BrowserGuard } from "./guard/browser-guard.js";
import type { GatewayResponse } from "./response/gateway-response.js";
import type { ResponseHeads } from "./response/response-heads.js";
import type { ServedRoute } from "./served-route.js";

/** What all exchanges of a gateway share. */
export interface GatewayContext extends BodyLimits, SessionSettings {
  /** Keeps out the pages of other origins, before anything of a request is read. */
  readonly guard: BrowserGuard;
  /** The observers of the calls. */
  readonly observers: CallObservers;
  /** The places of streams, WebSockets and calls that may wait for days. */
  readonly streams: Places;
  /** Creates the heads and trailers of responses. */
  readonly heads: ResponseHeads;
  /** The clients that have not read all data that was written for them. */
  readonly unreadResponses: UnreadResponses;
  /** The most bytes that may arrive for a client that does not read, beyond the current message. */
  readonly streamBuffer: number;
  /**
   * How long a stream is quiet before it gets a heartbeat, if its framing has one, in milliseconds. 0 for no
   * heartbeats.
   */
  readonly heartbeatInterval: number;
}

/** A request and its response. */
export interface Exchange {
  readonly context: GatewayContext;
  readonly req: GatewayRequest;
  readonly res: GatewayResponse;
  readonly route: ServedRoute;
  /** The values of the route's path variables. */
  readonly variables: readonly string[];
  /** The record of the request. `undefined` if nothing observes calls. */
  readonly record: Recording | undefined;
}
