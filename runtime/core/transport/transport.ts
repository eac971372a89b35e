import type { GatewayError } from "../errors/gateway-error.js";

/**
 * gRPC metadata as it travels: lower-case keys in order, one entry a value; the value of a key that ends in `-bin` is
 * bytes (base64 only on the HTTP sides), every other value is printable ASCII.
 */
export type Metadata = readonly (readonly [key: string, value: string | Uint8Array])[];

/** What a call needs beside its method and messages. */
export interface CallOptions {
  /** Request metadata. */
  readonly metadata: Metadata;
  /** When the call must be over, in milliseconds since the epoch; `undefined` waits for ever. */
  readonly deadline: number | undefined;
  /** The call may be sent again after it may have reached the server: it changes nothing. Writes are never sent twice. */
  readonly idempotent: boolean;
  /** The call may wait for days, whatever its deadline: it must not take a stream from those that will not. */
  readonly waits?: boolean;
  /** The HTTP client's `Accept` header, for a transport that answers by it; servers do not see it. */
  readonly accept?: string | undefined;
  /** Hears how the call fares; `undefined`: nobody wants to know. */
  readonly progress?: CallProgress | undefined;
}

/** Hears how a call fares on its way to a server. None of its methods throws. */
export interface CallProgress {
  /** The call is about to be made. Gives the metadata to send. */
  onCall(metadata: Metadata): Metadata;
  /** The call goes to an endpoint, by its name in the options: for the first time, or again. */
  onAttempt(endpoint: string): void;
  /** A server has answered, or the call has failed. Only the first time counts until the next `onCall`. */
  onAnswer(): void;
  /** A stream whose connection broke goes on over another. */
  onResumed(): void;
}

/** A call under way. */
export interface Call {
  /** Cancels the call. Its listener then hears `CANCELLED`, unless the call was over; calling again does nothing. */
  cancel(): void;
}

/** Hears how a unary call ends; exactly one of the two is called, once, and never before `unary` has returned. */
export interface UnaryListener {
  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void;
  /** @param headers the response headers, if the server sent them before the error */
  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void;
}

/** A streaming call under way. Only one side may stream: send one message and `end` for a server stream. */
export interface StreamCall extends Call {
  /** Sends a message. `false`: the send buffer is full, wait for {@link StreamListener.onDrain} before the next. */
  send(message: Uint8Array): boolean;
  /** Says that no more messages follow. */
  end(): void;
  /** Stops `onMessage` until `resume`; the server is held back by HTTP/2 flow control. A message under way may still arrive. */
  pause(): void;
  /** Goes on after `pause`. */
  resume(): void;
}

/** Hears what comes back on a streaming call; `onEnd` is the last, and is called once. */
export interface StreamListener {
  /** The response headers: the server has accepted the call. At most once, before any message. */
  onHeaders(headers: Metadata): void;
  onMessage(message: Buffer): void;
  /** `send` may go on. */
  onDrain(): void;
  /** The call is over: without an error if its status was OK. */
  onEnd(error: GatewayError | undefined, trailers: Metadata): void;
}

/** What there is to an endpoint. */
export interface EndpointStatus {
  /** Its name in the options. */
  readonly endpoint: string;
  /** How many connections take calls. */
  readonly ready: number;
  /** How many connections are not, or no longer, there. */
  readonly notReady: number;
  /** How many calls are under way. */
  readonly calls: number;
}

/**
 * Carries gRPC calls as bytes. It knows nothing of JSON, HTTP/1 or messages, so that it can be replaced by a leaner one,
 * or by one that misbehaves on purpose.
 */
export interface Transport {
  /** Starts a unary call of a method, given by its path, e.g. `/etcdserverpb.KV/Range`. Never throws. */
  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call;
  /** Starts a streaming call of any of the three kinds. Never throws. */
  stream(path: string, options: CallOptions, listener: StreamListener): StreamCall;
  /** What there is to each endpoint. A transport without endpoints does not have it. */
  endpoints?(): readonly EndpointStatus[];
  /** Ends all connections at once; calls under way end with `UNAVAILABLE`. */
  close(): void;
}
