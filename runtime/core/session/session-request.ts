import type { IncomingMessage } from "node:http";
import type { Caller } from "../call/caller.js";
import type { GatewayError } from "../errors/gateway-error.js";
import type { Recording } from "../observe/recording.js";
import type { RequestTranscoder } from "../transcode/request-transcoder.js";
import type { ResponseTranscoder } from "../transcode/response-transcoder.js";
import type { Route } from "../transcode/route.js";
import type { Places } from "./limit/places.js";

/** The parts of a route that a session needs. */
export interface SessionRoute extends Route {
  readonly requestTranscoder: RequestTranscoder;
  readonly responseTranscoder: ResponseTranscoder;
  /** Whether its calls may wait for days. They share the places of streams. */
  readonly isLong: boolean;
  /** The places of its calls. */
  readonly places: Places;
}

/** What all sessions of a gateway share. */
export interface SessionSettings {
  readonly caller: Caller;
  /** Receives every error that is sent to a client. Must not throw. */
  onError(error: GatewayError, req: IncomingMessage): void;
}

/** The request of a session, and its route. */
export interface SessionRequest {
  readonly context: SessionSettings;
  readonly req: IncomingMessage;
  readonly route: SessionRoute;
  /** The values of the route's path variables. */
  readonly variables: readonly string[];
  /** The record of the request. `undefined` if nothing observes calls. */
  readonly record: Recording | undefined;
}
