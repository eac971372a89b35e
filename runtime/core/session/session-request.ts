import type { IncomingMessage } from "node:http";
import type { Caller } from "../call/caller.js";
import type { GatewayError } from "../errors/gateway-error.js";
import type { Recording } from "../observe/recording.js";
import type { RequestTranscoder } from "../transcode/request-transcoder.js";
import type { ResponseTranscoder } from "../transcode/response-transcoder.js";
import type { Route } from "../transcode/route.js";

/** Places for calls under way. Whoever enters leaves, once. */
export interface Places {
  /** @throws GatewayError `UNAVAILABLE` if there is no place */
  enter(): void;
  leave(): void;
}

/** A route as a session needs it. */
export interface SessionRoute extends Route {
  readonly request: RequestTranscoder;
  readonly response: ResponseTranscoder;
  /** The places of its calls. */
  readonly inFlight: Places;
}

/** What all sessions of a gateway share. */
export interface SessionSettings {
  readonly caller: Caller;
  /** The places of streams, WebSockets and calls that may wait for days. */
  readonly streams: Places;
  /** Told of every error that is answered; must not throw. */
  onError(error: GatewayError, req: IncomingMessage): void;
}

/** What a session is held about: a request, and the route that it has. */
export interface SessionRequest {
  readonly context: SessionSettings;
  readonly req: IncomingMessage;
  readonly route: SessionRoute;
  /** The values of the route's path variables. */
  readonly variables: readonly string[];
  /** Its record, if anybody wants to hear of it. */
  readonly record: Recording | undefined;
}
