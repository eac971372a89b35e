import {
  type CallOptions,
  ConnectionBroken,
  callCanceled,
  type GatewayError,
  type Metadata,
  NO_METADATA,
  Status,
  type StreamCall,
  type StreamListener,
  type Transport,
} from "@etcd-gateway/runtime";
import { unreadableResponse } from "../unreadable-response.js";
import { ClusterCheck } from "./cluster-check.js";
import { otherCluster } from "./cluster-of.js";
import { failedEndpoints } from "./failed-endpoints.js";
import { isMemberFault } from "./member-fault.js";
import { type Achievement, Recovery } from "./recovery.js";
import { RequestRoom } from "./request-room.js";
import { SentProgress } from "./sent-progress.js";

/** The state that all calls of a resuming transport share. */
export interface ResumeContext {
  /** Makes the calls to etcd. */
  readonly transport: Transport;
  /** How long to try to resume a broken call before it fails, in milliseconds, or 0 to not resume. */
  readonly timeout: number;
  /** How many watches a stream may have. */
  readonly maxWatches: number;
  /** The calls in progress. */
  readonly calls: Set<{ abort(error: GatewayError): void }>;
  /** Whether the transport has been closed. */
  closed: boolean;
}

/** One of the calls to etcd that carry a resumable call, one after the other. */
interface Attempt extends Achievement {
  readonly call: StreamCall;
  readonly progress: SentProgress;
  hasResponded: boolean;
  hasDelivered: boolean;
  /** Whether its requests have ended. */
  halfClosed: boolean;
}

/**
 * A streaming call that can outlive its connections. When a connection breaks, the call continues on a new one.
 * Subclasses know which requests to repeat there, and which responses the client has already received.
 *
 * It keeps no requests itself. A subclass derives what to repeat from its state, such as the watches with their next
 * revisions, so that the call can continue at any time. `SignedInStream` repeats the requests as they were, but only
 * until the first response. Both count the requests that wait for a call in a `RequestRoom`.
 *
 * @typeParam Facts what a subclass needs to know about a response
 */
export abstract class ResumableCall<Facts> implements StreamCall, StreamListener {
  protected readonly context: ResumeContext;
  protected readonly path: string;
  protected readonly options: CallOptions;
  readonly #listener: StreamListener;
  readonly #room: RequestRoom;
  readonly #recovery: Recovery;
  readonly #cluster = new ClusterCheck();
  /** The current attempt, or `undefined` while there is none. */
  #attempt: Attempt | undefined;
  /** The endpoints of the attempts that have failed since etcd last responded. */
  #avoid: readonly string[] = [];
  #headed = false;
  #delivered = false;
  #paused = false;
  #ended = false;
  #canceled = false;
  #over = false;

  constructor(context: ResumeContext, path: string, options: CallOptions, listener: StreamListener) {
    this.context = context;
    this.path = path;
    this.options = options;
    this.#listener = listener;
    this.#room = new RequestRoom(() => {
      if (!this.#over) listener.onDrain();
    });
    this.#recovery = new Recovery(context.timeout, options.deadline);
    context.calls.add(this);
  }

  /** Starts the call. */
  start(): void {
    this.connect();
  }

  send(message: Uint8Array): boolean {
    if (this.#over || this.#ended) return true;
    this.onRequest(message);
    if (this.#attempt === undefined) this.#room.hold(message);
    return this.#room.free;
  }

  end(): void {
    if (this.#over || this.#ended) return;
    this.#ended = true;
    this.onRequestsEnd();
  }

  pause(): void {
    this.#paused = true;
    this.#attempt?.call.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#attempt?.call.resume();
  }

  cancel(): void {
    this.#canceled = true;
    if (this.#attempt !== undefined) this.#attempt.call.cancel();
    else this.abort(callCanceled());
  }

  /** Ends a call that has no connection. The listener is called asynchronously, never from within this function. */
  abort(error: GatewayError): void {
    if (this.#over || this.#attempt !== undefined) return;
    this.#close();
    process.nextTick(() => this.#listener.onEnd(error, NO_METADATA));
  }

  /** Headers alone do not prove that the server is etcd, because a web server sends headers, too. */
  onHeaders(headers: Metadata): void {
    if (this.#over || this.#headed) return;
    this.#headed = true;
    this.#listener.onHeaders(headers);
  }

  onMessage(message: Buffer): void {
    if (this.#over) return;
    this.#recovery.reached();
    if (this.#attempt !== undefined) this.#attempt.hasResponded = true;
    try {
      const isSame = this.#cluster.isSame(message);
      const facts = this.read(message);
      if (!isSame) {
        this.finish(otherCluster());
        return;
      }
      if (this.#recovery.recovered()) this.options.progress?.onResumed();
      this.onResponse(message, facts);
    } catch (cause) {
      this.finish(unreadableResponse(cause));
    }
  }

  onDrain(): void {
    this.#room.drain();
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    if (this.#over) return;
    if (!this.#isResumable(error)) this.#tell(error, trailers);
    else if (this.complete) this.#tell(undefined, NO_METADATA);
    else this.#reconnect(attempt, error);
  }

  /**
   * Whether the end of the stream is only the end of a connection.
   *
   * @param reached whether etcd has responded, or was connected before
   */
  protected isBreak(error: GatewayError, reached: boolean): boolean {
    // If etcd has not been reached yet, the client needs the error, because there is no state to resume. But another
    // member may not have it.
    if (!reached) return this.#recovery.mayRepeat(error) || error instanceof ConnectionBroken;
    return (
      error.code === Status.UNAVAILABLE ||
      isMemberFault(error.message) ||
      // The client did not cancel. An etcd that shuts down cancels its streams.
      error.code === Status.CANCELLED ||
      (error.code === Status.INTERNAL && error.message.startsWith("Received RST_STREAM"))
    );
  }

  /** Called when a connection has broken, before the reconnection. */
  protected onBreak(): void {}
  /** Sends the first requests on a new connection. */
  protected abstract onOpen(): void;
  /** Handles a request of the client. There may be no connection. */
  protected abstract onRequest(message: Uint8Array): void;
  /** Handles the end of the client's requests. There may be no connection. */
  protected abstract onRequestsEnd(): void;
  /** Reads from a response what `onResponse` needs. If it throws, the call ends. */
  protected abstract read(message: Buffer): Facts;
  /** Handles a response of etcd. If it throws, for example because it has to read more of it, the call ends. */
  protected abstract onResponse(message: Buffer, facts: Facts): void;
  /** Whether the call has finished its work, so that a broken connection loses nothing. */
  protected abstract get complete(): boolean;

  /** Whether etcd has to respond next. If not, a call without responses may be well. */
  protected abstract get awaits(): boolean;

  /** Whether there is a call to etcd that `transmit` can send to. Its connection may not be established yet. */
  protected get open(): boolean {
    return this.#attempt !== undefined;
  }

  /** Whether the client has ended its requests. */
  protected get ended(): boolean {
    return this.#ended;
  }

  /** Whether the client has received a response. */
  protected get delivered(): boolean {
    return this.#delivered;
  }

  /** Opens the call to etcd. */
  protected connect(): void {
    if (this.#over) return;
    this.#cluster.begin();
    this.#room.release(() => {
      const progress = new SentProgress(this.options.progress);
      const options = { ...this.options, progress, avoid: this.#avoid };
      const call = this.context.transport.stream(this.path, options, this);
      this.#attempt = {
        call,
        progress,
        begunAt: performance.now(),
        hasResponded: false,
        hasDelivered: false,
        halfClosed: false,
      };
      if (this.#paused) call.pause();
      this.onOpen();
    });
  }

  /** Registers a request that the subclass keeps until {@link forget}. If they are too many, the client has to wait. */
  protected keep(request: Uint8Array): void {
    this.#room.keep(request);
  }

  /** Registers that the subclass no longer keeps a request. */
  protected forget(request: Uint8Array): void {
    this.#room.drop(request);
  }

  /** Sends a message to etcd. */
  protected transmit(message: Uint8Array): void {
    if (this.#attempt !== undefined) this.#room.sent(this.#attempt.call.send(message));
  }

  /** Ends the requests to etcd. */
  protected halfClose(): void {
    if (this.#attempt === undefined || this.#attempt.halfClosed) return;
    this.#attempt.halfClosed = true;
    this.#attempt.call.end();
  }

  /** Sends a response to the client. */
  protected deliver(message: Buffer): void {
    if (this.#over) return;
    this.#delivered = true;
    if (this.#attempt !== undefined) this.#attempt.hasDelivered = true;
    this.#listener.onMessage(message);
  }

  /** Ends the call for a reason of the gateway: successfully, unless there is an error. */
  protected finish(error?: GatewayError): void {
    if (this.#over) return;
    const attempt = this.#attempt;
    this.#tell(error, NO_METADATA);
    attempt?.call.cancel();
  }

  /** Releases resources when the call is over. */
  protected onClose(): void {}

  #isResumable(error: GatewayError | undefined): error is GatewayError {
    if (error === undefined || this.context.timeout === 0 || this.context.closed || this.#canceled) return false;
    return this.isBreak(error, this.#recovery.hasReached);
  }

  /** @param broken the attempt whose connection has broken */
  #reconnect(broken: Attempt | undefined, error: GatewayError): void {
    this.#avoid = failedEndpoints(broken?.hasResponded ? [] : this.#avoid, error);
    const delay = this.#recovery.failed(broken, error, (first) => this.#giveUp(first));
    if (typeof delay !== "number") {
      this.#tell(delay, NO_METADATA);
      return;
    }
    this.onBreak();
    if (delay === 0) this.connect();
    else if (!this.#over) this.#recovery.retryIn(delay, () => this.connect());
  }

  /** Ends the call when its time is up, unless a member has it and has nothing to say. */
  #giveUp(error: GatewayError): void {
    if (this.#attempt?.progress.isSent !== true || this.awaits) this.finish(error);
  }

  #tell(error: GatewayError | undefined, trailers: Metadata): void {
    this.#close();
    this.#listener.onEnd(error, trailers);
  }

  #close(): void {
    this.#over = true;
    this.#recovery.stop();
    this.context.calls.delete(this);
    this.onClose();
  }
}
