import type { Channel, Metadata as GrpcMetadata, InterceptingListener, StatusObject } from "@grpc/grpc-js";
import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";
import { deadlineExceeded, errorOf, failureOf, isTimeout } from "./call-status.js";
import type { Connection } from "./connection.js";
import { fromGrpcMetadata, toGrpcMetadata } from "./grpc-metadata.js";
import type { Pool, Traffic } from "./pool.js";
import type { Call, CallOptions, Metadata } from "./transport.js";

/** A call as grpc-js's channels make it: messages are bytes, and each is asked for before it comes. */
export type ChannelCall = ReturnType<Channel["createCall"]>;

/** What all calls of a transport share. */
export interface CallContext {
  readonly pool: Pool;
  /** How long a call waits for an endpoint, in milliseconds. */
  readonly connectTimeout: number;
  /** The calls under way. */
  readonly calls: Set<GrpcCall>;
}

/** An attempt that left nothing at a server is followed by another, up to this many in all. */
const MOST_ATTEMPTS = 4;
const NO_METADATA: Metadata = [];

/**
 * One call over whatever endpoint is ready, from the wait for a connection to the one end that it comes to. Each attempt
 * is a grpc-js call. What may follow a failed attempt is decided here and nowhere else: grpc-js's own retries are off.
 */
export abstract class GrpcCall implements Call, InterceptingListener {
  protected readonly path: string;
  protected readonly options: CallOptions;
  /** The attempt under way. */
  protected attempt: ChannelCall | undefined;
  /** Whether response headers have come. */
  protected answered = false;
  /** Whether the listener has heard the end, or is about to. */
  protected over = false;

  readonly #context: CallContext;
  readonly #metadata: GrpcMetadata;
  readonly #traffic: Traffic;
  #connection: Connection | undefined;
  #stopWaiting: (() => void) | undefined;
  #waitUntil = 0;
  #attempts = 0;
  #repeated = false;

  constructor(context: CallContext, path: string, options: CallOptions, traffic: Traffic) {
    this.path = path;
    this.options = options;
    this.#context = context;
    this.#metadata = toGrpcMetadata(options.metadata);
    this.#traffic = traffic;
    context.calls.add(this);
  }

  /** Starts the call, at once if an endpoint is ready. */
  start(): void {
    const { deadline } = this.options;
    if (deadline !== undefined && deadline <= Date.now()) this.abort(deadlineExceeded());
    else this.#next(undefined);
  }

  cancel(): void {
    this.abort(new GatewayError(Status.CANCELLED, "context canceled"));
  }

  /** Ends the call for a reason of our own. The listener hears it later, never from within this function. */
  abort(error: GatewayError): void {
    if (this.over) return;
    const attempt = this.attempt;
    this.#end();
    if (attempt !== undefined) {
      const cancel = (): void => attempt.cancelWithStatus(Status.CANCELLED, error.message);
      cancel();
      // grpc-js opens the HTTP/2 stream some microtasks after the start, even if the call was cancelled in between.
      setImmediate(cancel);
    }
    process.nextTick(() => this.onFailure(error, NO_METADATA));
  }

  onReceiveMetadata(headers: GrpcMetadata): void {
    if (this.over) return;
    this.answered = true;
    this.onHeaders(fromGrpcMetadata(headers));
  }

  onReceiveMessage(message: Buffer): void {
    if (!this.over) this.onMessage(message);
  }

  onReceiveStatus(status: StatusObject): void {
    if (this.over) return;
    if (status.code !== Status.OK && !this.answered && this.#mayFollow(status)) {
      const failed = this.#release();
      this.#next(failed);
      return;
    }
    this.#end();
    const trailers = fromGrpcMetadata(status.metadata);
    if (status.code === Status.OK) this.onSuccess(trailers);
    else if (isTimeout(status, this.options.deadline)) this.onFailure(deadlineExceeded(), trailers);
    else this.onFailure(errorOf(status, this.answered), trailers);
  }

  /** Sends the request, or what there is of it so far, on an attempt that has just begun. */
  protected abstract onAttempt(attempt: ChannelCall): void;
  protected abstract onHeaders(headers: Metadata): void;
  protected abstract onMessage(message: Buffer): void;
  /** The call is over with the status OK. */
  protected abstract onSuccess(trailers: Metadata): void;
  /** The call is over with another status. */
  protected abstract onFailure(error: GatewayError, trailers: Metadata): void;
  /** Whether the whole request is still at hand, to be sent once more. */
  protected abstract get repeatable(): boolean;

  #mayFollow(status: StatusObject): boolean {
    if (this.#attempts >= MOST_ATTEMPTS) return false;
    // grpc-js knows the peer's certificate, be it an empty one, from the moment that an HTTP/2 stream is opened.
    const opened = this.attempt?.getAuthContext() !== null;
    switch (failureOf(status, opened)) {
      case "not sent":
      case "refused":
        return this.repeatable;
      case "broken":
        if (!this.options.idempotent || this.#repeated || !this.repeatable) return false;
        this.#repeated = true;
        return true;
      case "final":
        return false;
    }
  }

  #next(avoid: number | undefined): void {
    const { pool, connectTimeout } = this.#context;
    const connection = pool.take(this.#traffic, avoid);
    if (connection !== undefined) {
      this.#begin(connection);
      return;
    }
    const now = Date.now();
    if (this.#waitUntil === 0) this.#waitUntil = now + connectTimeout;
    const until = Math.min(this.#waitUntil, this.options.deadline ?? Number.POSITIVE_INFINITY);
    const timer = setTimeout(() => this.#giveUp(), Math.max(until - now, 0));
    const stop = pool.wait(this.#traffic, (ready) => {
      clearTimeout(timer);
      this.#stopWaiting = undefined;
      this.#begin(ready);
    });
    this.#stopWaiting = () => {
      clearTimeout(timer);
      stop();
    };
  }

  #begin(connection: Connection): void {
    this.#connection = connection;
    this.#attempts += 1;
    const deadline = this.options.deadline ?? Number.POSITIVE_INFINITY;
    const attempt = connection.channel.createCall(this.path, deadline, null, null, null);
    this.attempt = attempt;
    attempt.start(this.#metadata, this);
    this.onAttempt(attempt);
  }

  #giveUp(): void {
    this.#end();
    if (this.options.deadline !== undefined && this.options.deadline <= Date.now()) {
      this.onFailure(deadlineExceeded(), NO_METADATA);
      return;
    }
    this.#context.pool.explain(this.#traffic, (reasons) => {
      const error = new GatewayError(Status.UNAVAILABLE, "no endpoint reachable", { cause: new Error(reasons) });
      this.onFailure(error, NO_METADATA);
    });
  }

  /** Gives the connection back and tells which endpoint it led to. */
  #release(): number | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    this.attempt = undefined;
    if (connection !== undefined) this.#context.pool.release(this.#traffic, connection);
    return connection?.endpoint;
  }

  #end(): void {
    this.over = true;
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    this.#context.calls.delete(this);
    this.#release();
  }
}
