import type { GatewayError } from "../errors/gateway-error.js";

/**
 * The metadata of a gRPC call: lower-case keys in order, with one entry per value. The value of a key that ends in
 * `-bin` is bytes (base64 exists only on the HTTP side); any other value is printable ASCII.
 */
export type Metadata = readonly (readonly [key: string, value: string | Uint8Array])[];

/** The options of a call. */
export interface CallOptions {
  /** The request metadata. */
  readonly metadata: Metadata;
  /**
   * The time when the call must have ended, in milliseconds since 1970; `undefined` for no deadline. Compare it with
   * `performance.timeOrigin + performance.now()`, which does not jump when the system's clock is set.
   */
  readonly deadline: number | undefined;
  /**
   * Whether the call changes nothing. It may then be sent again even if it may have reached the server. Writes are
   * never sent twice.
   */
  readonly idempotent: boolean;
  /** Whether the call may wait for days, even if it has a deadline. It must then not use the streams of short calls. */
  readonly isLong?: boolean;
  /**
   * The names of the endpoints that have failed the call, the last one last. The call is sent to another one, if any is
   * connected, and otherwise to the one that failed it first.
   */
  readonly avoid?: readonly string[] | undefined;
  /** The HTTP client's `Accept` header, for a transport whose responses depend on it. It is not sent to servers. */
  readonly accept?: string | undefined;
  /** Receives the events of the call; `undefined` if they are not needed. */
  readonly progress?: CallProgress | undefined;
  /** Decides when large responses may arrive; `undefined` if they may always. */
  readonly arrivals?: Arrivals | undefined;
}

/**
 * Decides which large messages may arrive from servers now, so that their total size has a limit. A message that has to
 * wait is held back by HTTP/2 flow control. Its methods never throw.
 */
export interface Arrivals {
  /**
   * A large message has begun to arrive.
   *
   * @param length its size, in bytes
   * @param onRoom called if it has to wait, when it no longer does. Never called from within a method, or after `end`
   */
  begin(length: number, onRoom: () => void): Arrival;
}

/** A large message that is arriving. */
export interface Arrival {
  /** Whether the rest of the message must not arrive yet. */
  readonly waits: boolean;
  /** The message has arrived, or will not. */
  end(): void;
}

/** Receives the events of a call on its way to a server. Its methods never throw. */
export interface CallProgress {
  /** The call is about to be made. Returns the metadata to send. */
  onCall(metadata: Metadata): Metadata;
  /** The call is sent to an endpoint, for the first time or again. @param endpoint its name in the options */
  onAttempt(endpoint: string): void;
  /** A server has responded, or the call has failed. Until the next `onCall`, only the first time counts. */
  onResult(): void;
  /** A stream whose connection broke continues over another one. */
  onResumed(): void;
}

/** A call in progress. */
export interface Call {
  /**
   * Cancels the call. Its listener then receives `CANCELLED`, unless the call has ended. A second call does nothing.
   */
  cancel(): void;
}

/**
 * Receives the result of a unary call. Exactly one of the two methods is called, once, and never before `unary`
 * returns.
 */
export interface UnaryListener {
  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void;
  /** @param headers the response headers, if the server sent them before the error */
  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void;
}

/**
 * A streaming call in progress. It serves streams of one side too: for a server stream, send one message, then call
 * `end`.
 */
export interface StreamCall extends Call {
  /** Sends a message. If it returns `false`, the send buffer is full: wait for {@link StreamListener.onDrain}. */
  send(message: Uint8Array): boolean;
  /** Ends the requests. No message may follow. */
  end(): void;
  /** Stops `onMessage` until `resume`. HTTP/2 flow control pauses the server. A message in transit may still arrive. */
  pause(): void;
  /** Continues after `pause`. */
  resume(): void;
}

/** Receives the events of a streaming call. `onEnd` is called last, and once. */
export interface StreamListener {
  /** The response headers: the server has accepted the call. Called at most once, before any message. */
  onHeaders(headers: Metadata): void;
  onMessage(message: Buffer): void;
  /** `send` may be called again. */
  onDrain(): void;
  /** The call has ended, without an error if its status is OK. */
  onEnd(error: GatewayError | undefined, trailers: Metadata): void;
}

/** The status of an endpoint. */
export interface EndpointStatus {
  /** Its name in the options. */
  readonly endpoint: string;
  /** The number of connections that accept calls. */
  readonly ready: number;
  /** The number of connections that are not established yet, or no longer. */
  readonly notReady: number;
  /** The number of calls that have not ended. */
  readonly calls: number;
}

/**
 * Carries gRPC calls as bytes. It knows nothing about JSON, HTTP/1 or messages. It can therefore be replaced by a
 * leaner implementation, or by one with deliberate faults.
 *
 * If a transport of an app throws, rejects, or returns no call, only the call that it was asked for fails.
 */
export interface Transport {
  /** Starts a unary call. Never throws. @param path the method's path, e.g. `/etcdserverpb.KV/Range` */
  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call;
  /** Starts a streaming call of any of the three kinds. Never throws. */
  stream(path: string, options: CallOptions, listener: StreamListener): StreamCall;
  /** Returns the status of each endpoint. A transport without endpoints does not have this method. */
  endpoints?(): readonly EndpointStatus[];
  /** Closes all connections at once. Calls in progress end with `UNAVAILABLE`. */
  close(): void;
}
