import type { Indexed, IndexedSet } from "../../collections/indexed-set.js";
import { callCanceled, deadlineExceeded } from "../../errors/context-errors.js";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { monotonicTime } from "../../timers/monotonic-time.js";
import type { Attempt, AttemptListener, Failure } from "../endpoints/attempt.js";
import type { Connection, Traffic } from "../endpoints/connection.js";
import type { Pool } from "../endpoints/pool.js";
import { noteEndpoint } from "../failed-endpoint.js";
import { NO_METADATA } from "../metadata.js";
import type { Arrival, Call, CallOptions, Metadata } from "../transport.js";
import { isTimeout } from "./call-errors.js";
import type { Deadlines, Expiring } from "./deadlines.js";

/** The state that all calls of a transport share. */
export interface CallContext {
  readonly pool: Pool;
  /** How long a call waits for an endpoint, in milliseconds. */
  readonly connectTimeout: number;
  readonly deadlines: Deadlines;
  /** The calls that have not ended. */
  readonly calls: IndexedSet<GrpcCall>;
}

/**
 * The largest number of attempts of a call. A further attempt follows only if the server did not process the one
 * before.
 */
const MOST_ATTEMPTS = 4;

const NONE: readonly number[] = [];

/**
 * A call on any endpoint that is ready, from the wait for a connection to its end. All decisions about further attempts
 * are made here.
 */
export abstract class GrpcCall implements Call, AttemptListener, Expiring, Indexed {
  index = -1;
  protected readonly path: string;
  protected readonly options: CallOptions;
  /** The current attempt. */
  protected attempt: Attempt | undefined;
  /** Whether the call has ended. The listener has been notified, or will be on the next tick. */
  protected over = false;

  readonly #context: CallContext;
  readonly #traffic: Traffic;
  #connection: Connection | undefined;
  #stopWaiting: (() => void) | undefined;
  /** The call's place in the deadlines. */
  #deadlineSpan: number | undefined;
  /** When the call gives up waiting for a connection, by the monotonic clock; 0 before it waits. */
  #waitUntil = 0;
  #attempts = 0;
  /** The endpoints that have failed the call, the last one last. */
  #avoid: readonly number[] = NONE;
  #repeated = false;
  /** Whether the listener wants no messages for now. */
  #isHeld = false;
  /** Whether the attempt has been paused. */
  #isPaused = false;
  /** The size of the large message that is arriving, in bytes; 0 if there is none. */
  #large = 0;
  #arrival: Arrival | undefined;

  constructor(context: CallContext, path: string, options: CallOptions, traffic: Traffic) {
    this.path = path;
    this.options = options;
    this.#context = context;
    this.#traffic = traffic;
    context.calls.add(this);
  }

  /** Starts the call, immediately if an endpoint is ready. */
  start(): void {
    const { deadline, avoid } = this.options;
    if (deadline !== undefined) {
      if (deadline <= monotonicTime()) {
        this.expire();
        return;
      }
      this.#deadlineSpan = this.#context.deadlines.add(deadline, this);
    }
    for (const name of avoid ?? []) this.#avoidFromNow(this.#context.pool.numberOf(name));
    this.#next();
  }

  cancel(): void {
    this.abort(callCanceled());
  }

  expire(): void {
    this.abort(deadlineExceeded());
  }

  /**
   * Ends the call with an error of the gateway. The listener is called on the next tick, never from within this
   * function.
   */
  abort(error: GatewayError): void {
    if (this.over) return;
    const attempt = this.attempt;
    this.#end();
    attempt?.cancel();
    process.nextTick(() => this.onFailure(error, NO_METADATA));
  }

  /**
   * Moves the call to another endpoint, because its endpoint is silent. Does nothing if the call must not be sent
   * again. Calls that may wait for days stay, because their endpoint may have nothing to send.
   */
  leave(endpoint: number): void {
    if (this.over || this.#traffic === "long" || this.#connection?.endpoint !== endpoint) return;
    if (this.#attempts >= MOST_ATTEMPTS || !this.repeatable || !this.options.idempotent || this.#repeated) return;
    const { pool } = this.#context;
    const other = pool.take(this.#traffic, [...this.#avoid, endpoint]);
    if (other === undefined) return;
    if (other.endpoint === endpoint) {
      pool.release(this.#traffic, other);
      return;
    }
    this.#repeated = true;
    this.attempt?.cancel();
    this.#release();
    this.#begin(other);
  }

  onOk(trailers: Metadata): void {
    if (this.over) return;
    this.#end();
    this.onSuccess(trailers);
  }

  onFailed(failure: Failure, error: GatewayError, trailers: Metadata): void {
    if (this.over) return;
    if (this.#mayFollow(failure)) {
      this.#avoidFromNow(this.#release());
      this.#next();
      return;
    }
    if (this.#connection !== undefined) noteEndpoint(error, this.#context.pool.nameOf(this.#connection));
    this.#end();
    this.onFailure(isTimeout(error, this.options.deadline) ? deadlineExceeded() : error, trailers);
  }

  onLarge(length: number): void {
    if (this.over) return;
    this.#large = length;
    this.#flow();
  }

  abstract onHeaders(headers: Metadata): void;
  abstract onMessage(message: Buffer): void;
  abstract onSent(): void;

  /** Sets whether the listener wants no messages for now. */
  protected hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#flow();
  }

  /** The message that was arriving has been passed on. */
  protected arrived(): void {
    if (this.#large === 0) return;
    this.#stopArrival();
    this.#flow();
  }

  /** Sends the request, or the available part of it, on a new attempt. */
  protected abstract onAttempt(attempt: Attempt): void;
  /** The call has ended with the status OK. */
  protected abstract onSuccess(trailers: Metadata): void;
  /** The call has ended with another status. */
  protected abstract onFailure(error: GatewayError, trailers: Metadata): void;
  /** Whether the whole request is still available to be sent again, and the response has not begun. */
  protected abstract get repeatable(): boolean;

  #mayFollow(failure: Failure): boolean {
    if (failure === "final" || this.#attempts >= MOST_ATTEMPTS || !this.repeatable) return false;
    if (failure !== "broken") return true;
    if (!this.options.idempotent || this.#repeated) return false;
    this.#repeated = true;
    return true;
  }

  #avoidFromNow(endpoint: number | undefined): void {
    if (endpoint !== undefined) this.#avoid = [...this.#avoid, endpoint];
  }

  #next(): void {
    const { pool, connectTimeout } = this.#context;
    const connection = pool.take(this.#traffic, this.#avoid);
    if (connection !== undefined) {
      this.#begin(connection);
      return;
    }
    const now = performance.now();
    if (this.#waitUntil === 0) this.#waitUntil = now + connectTimeout;
    const timer = setTimeout(() => this.#giveUp(), Math.max(this.#waitUntil - now, 0));
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
    const { metadata, deadline, progress } = this.options;
    progress?.onAttempt(this.#context.pool.nameOf(connection));
    const attempt = connection.start(this.path, metadata, deadline, this);
    this.attempt = attempt;
    this.#isPaused = false;
    this.#flow();
    this.onAttempt(attempt);
  }

  /** Pauses or continues the attempt. */
  #flow(): void {
    if (this.#isHeld) this.#endArrival();
    else if (this.#large > 0) this.#arrival ??= this.options.arrivals?.begin(this.#large, () => this.#flow());
    const isPaused = this.#isHeld || this.#arrival?.waits === true;
    if (isPaused === this.#isPaused || this.attempt === undefined) return;
    this.#isPaused = isPaused;
    if (isPaused) this.attempt.pause();
    else this.attempt.resume();
  }

  #stopArrival(): void {
    this.#large = 0;
    this.#endArrival();
  }

  /** Gives back the room for the message that is arriving. */
  #endArrival(): void {
    this.#arrival?.end();
    this.#arrival = undefined;
  }

  #giveUp(): void {
    this.#end();
    this.#context.pool.explain(this.#traffic, (reasons) => {
      const error = new GatewayError(Status.UNAVAILABLE, "no endpoint is reachable", { cause: new Error(reasons) });
      this.onFailure(error, NO_METADATA);
    });
  }

  /** Returns the connection to the pool. @returns its endpoint */
  #release(): number | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    this.attempt = undefined;
    this.#stopArrival();
    if (connection !== undefined) this.#context.pool.release(this.#traffic, connection);
    return connection?.endpoint;
  }

  #end(): void {
    this.over = true;
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    if (this.#deadlineSpan !== undefined) this.#context.deadlines.remove(this.#deadlineSpan, this);
    this.#context.calls.delete(this);
    this.#release();
  }
}
