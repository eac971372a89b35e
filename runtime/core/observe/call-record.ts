import type { GatewayError } from "../errors/gateway-error.js";
import type { StatusCode } from "../errors/status.js";

/** The protocol that a client uses. */
export type CallProtocol = "http" | "websocket";

/**
 * How the messages of a response follow each other:
 *
 * - `json`: one body
 * - `result-lines`: a line `{"result":...}` for each message
 * - `ndjson`: a line for each message
 * - `sse`: server-sent events
 * - `bytes`: the bytes of a `google.api.HttpBody`
 * - `websocket`: the frames of a WebSocket
 */
export type CallFraming = "json" | "result-lines" | "ndjson" | "sse" | "bytes" | "websocket";

/**
 * Why the gateway sends an error without asking a server:
 *
 * - `not-found`: the path has no route
 * - `method-not-allowed`: the path has no route for the method
 * - `browser-guard`: the browser guard rejects the request
 * - `not-exposed`: clients may not call the RPC
 * - `bad-request`: the request cannot be read, or the app rejects it
 * - `overload`: no place is free
 * - `closing`: the gateway closes
 */
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** All rejection reasons. */
export const REJECTION_REASONS = [
  "not-found",
  "method-not-allowed",
  "browser-guard",
  "not-exposed",
  "bad-request",
  "overload",
  "closing",
] as const;

/** What is known about a call before it begins. */
export interface CallFacts {
  /** The full name of the RPC, such as `etcdserverpb.KV.Range`. `undefined` if there is no route. */
  readonly rpc: string | undefined;
  /**
   * The path template of the route, such as `/v3/kv/range`. It contains no client data. `undefined` if there is no
   * route.
   */
  readonly template: string | undefined;
  /** Whether the RPC streams, in one or both directions. */
  readonly isStream: boolean;
  readonly protocol: CallProtocol;
  readonly framing: CallFraming;
}

/**
 * One request to the gateway, from its start to its end. Logs, metrics and traces are made from it. It contains no
 * keys, values, tokens or URLs, except perhaps in the message of {@link CallRecord.error}.
 *
 * The same object is passed at the start and at the end. Members that are not yet known are 0 or `undefined`.
 */
export interface CallRecord extends CallFacts {
  /** The method of the HTTP request, as the client sent it. */
  readonly httpMethod: string;
  /** The IP address of the peer. If there is a proxy, it is the proxy's. `undefined` on a Unix socket. */
  readonly clientAddress: string | undefined;
  /** `X-Request-Id`, if it is 1 to 128 letters, digits and `-_.:+/=@`. Otherwise a random UUID. */
  readonly requestId: string;
  /** When the call began, in milliseconds since the epoch, with fractions. */
  readonly startTime: number;
  /** How long the call took, or has taken so far, in milliseconds with fractions. */
  readonly duration: number;
  /** Whether the call is over. After that, nothing changes. */
  readonly isOver: boolean;
  /**
   * The status of the HTTP response; 101 for a WebSocket; 499 if the client disconnected before the response began.
   * `undefined` until the end.
   */
  readonly httpStatus: number | undefined;
  /**
   * How the call ended: the code of its error, `CANCELLED` if the client disconnected, `OK` otherwise. `undefined`
   * until the end.
   */
  readonly code: StatusCode | undefined;
  /** The error that the client received, or for which it was disconnected. */
  readonly error: GatewayError | undefined;
  /** Why the gateway itself rejected the call. `undefined` if it did not. */
  readonly rejected: RejectionReason | undefined;
  /** How many request messages were read. */
  readonly requestMessages: number;
  /** The bytes of these messages, as the client sent them. */
  readonly requestBytes: number;
  /** How many response messages were written. */
  readonly responseMessages: number;
  /** The bytes of these messages, as JSON with their framing. Errors do not count. */
  readonly responseBytes: number;
  /** The endpoint to which the call was last sent, as the options name it. `undefined` if it was not sent. */
  readonly endpoint: string | undefined;
  /** How many times the call was sent to an endpoint. */
  readonly attempts: number;
  /**
   * How long the gateway waited for the server, in milliseconds with fractions: until its response, or the first
   * message of a stream. This includes the time to wait for a connection.
   */
  readonly backendDuration: number;
  /** How many times a stream continued on another connection to a server. */
  readonly resumptions: number;
}
