import type { CallObservers } from "../observe/call-observers.js";
import type { Recording } from "../observe/recording.js";
import type { SessionRoute, SessionSettings } from "../session/session-request.js";
import type { SlowReaders } from "../session/slow-readers.js";
import type { NumberEvents } from "../session/stream-events.js";
import type { ErrorWriter } from "../transcode/error-writer.js";
import type { RequestedJson } from "../transcode/requested-json.js";
import type { GatewayRequest } from "./body/parsed-body.js";
import type { BodyLimits } from "./body/request-body.js";
import type { BrowserGuard } from "./guard/browser-guard.js";
import type { InFlight } from "./limit/in-flight.js";
import type { GatewayResponse } from "./response/gateway-response.js";
import type { ResponseHeads } from "./response/response-heads.js";

/** A route that is ready to serve. */
export interface ServedRoute extends SessionRoute {
  /** Writes its errors. */
  readonly errors: ErrorWriter;
  /** Whether clients may call it; every face refuses with `notExposed` what is not exposed. */
  readonly exposed: boolean;
  /** Numbers the events of its streams, if they have ids. */
  readonly numberEvents: NumberEvents | undefined;
  /** The places of its calls. Calls that may wait for days have those of streams. */
  readonly inFlight: InFlight;
  /** Whether the query parameter `bytes` says how bytes are JSON, rather than being a field of the request message. */
  readonly bytesInQuery: boolean;
  /** The same route with JSON as a request asks for it. */
  withJson(json: RequestedJson): ServedRoute;
}

/** What all exchanges of a gateway share. */
export interface GatewayContext extends BodyLimits, SessionSettings {
  /** Keeps other sites' pages out, before anything is read of a request. */
  readonly guard: BrowserGuard;
  /** Who hears of the calls. */
  readonly observers: CallObservers;
  readonly streams: InFlight;
  /** Makes the heads of responses, and their trailers. */
  readonly heads: ResponseHeads;
  /** The clients that have not taken all that was written for them. */
  readonly slowReaders: SlowReaders;
  /** The most bytes that may arrive for a client that does not read, beyond the message under way. */
  readonly streamBuffer: number;
  /** How long a stream is quiet before a heartbeat, where its framing has one, in milliseconds; 0 for no heartbeats. */
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
  /** Its record, if anybody wants to hear of it. */
  readonly record: Recording | undefined;
}
