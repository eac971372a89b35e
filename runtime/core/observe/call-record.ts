import type { GatewayError } from "../errors/gateway-error.js";
import type { StatusCode } from "../errors/status.js";

/** How a client speaks to the gateway. */
export type CallFace = "http" | "websocket";

/**
 * How the messages of a response follow each other: one `json` body, `result-lines` (`{"result":...}` a line), `ndjson`,
 * `sse` (server-sent events), `bytes` of a `google.api.HttpBody`, or the frames of a `websocket`.
 */
export type CallFraming = "json" | "result-lines" | "ndjson" | "sse" | "bytes" | "websocket";

/**
 * Why the gateway answers a request with an error without asking a server: no route (`not-found`), none for the method
 * (`method-not-allowed`), the browser guard (`browser-guard`), an rpc that clients may not call (`not-exposed`), a request
 * that cannot be read or is refused by the app (`bad-request`), no free place (`overload`), the gateway's end (`closing`).
 */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** All reasons that there are. */
export const REFUSAL_REASONS = [
  "not-found",
  "method-not-allowed",
  "browser-guard",
  "not-exposed",
  "bad-request",
  "overload",
  "closing",
] as const;

/** What is known of a call before it begins. */
export interface CallFacts {
  /** The full name of the rpc, such as `etcdserverpb.KV.Range`; `undefined` where no route matches. */
  readonly rpc: string | undefined;
  /** The path template of the route, such as `/v3/kv/range`; it has no client's data in it. `undefined`: no route. */
  readonly template: string | undefined;
  /** Whether the rpc streams, on one side or both. */
  readonly isStream: boolean;
  readonly face: CallFace;
  readonly framing: CallFraming;
}

/**
 * One request to the gateway, from its start to its end. Logs, metrics and traces are made of it. It has no keys, values,
 * tokens or URLs in it; the message of {@link CallRecord.error} may have some.
 *
 * The same object is there at the start and at the end: what is not known yet is 0 or `undefined`.
 */
export interface CallRecord extends CallFacts {
  /** The method of the HTTP request, as it was sent. */
  readonly httpMethod: string;
  /** The IP address of the peer: of the proxy, if there is one. `undefined` on a Unix socket. */
  readonly clientAddress: string | undefined;
  /** `X-Request-Id`, if that is 1 to 128 letters, digits and `-_.:+/=@`; otherwise one that is made up. */
  readonly requestId: string;
  /** When the call began, in milliseconds since the epoch, with fractions. */
  readonly startTime: number;
  /** How long the call took, or has taken so far, in milliseconds with fractions. */
  readonly duration: number;
  /** Whether the call is over: nothing changes any more. */
  readonly isOver: boolean;
  /**
   * The status of the HTTP response; 101 on a WebSocket. At the end of a call whose client left before the response began
   * it is 499. `undefined` until the end.
   */
  readonly httpStatus: number | undefined;
  /** How the call ended: that of the error, `CANCELLED` if the client left, `OK` otherwise. `undefined` until the end. */
  readonly code: StatusCode | undefined;
  /** What the client was answered, or cut off for. */
  readonly error: GatewayError | undefined;
  /** Why the gateway refused the call by itself; `undefined`: it did not. */
  readonly refused: RefusalReason | undefined;
  /** How many request messages were read. */
  readonly requestMessages: number;
  /** How many bytes these had, as the client sent them. */
  readonly requestBytes: number;
  /** How many response messages were written. */
  readonly responseMessages: number;
  /** How many bytes these had, as JSON in their framing. Errors do not count. */
  readonly responseBytes: number;
  /** The endpoint that the call went to last, as the options name it; `undefined`: to none. */
  readonly endpoint: string | undefined;
  /** How often the call was sent to an endpoint. */
  readonly attempts: number;
  /**
   * How long the gateway waited for the server, in milliseconds with fractions: until its answer, and on a stream until its
   * first message. It includes the wait for a connection.
   */
  readonly backendDuration: number;
  /** How often a stream went on over another connection to a server. */
  readonly resumptions: number;
}
