import {
  type CallOptions,
  ConnectionBroken,
  GatewayError,
  type Metadata,
  Status,
  type StreamCall,
  type StreamListener,
  type Transport,
} from "@etcd-gateway/runtime";
import { Backoff } from "./backoff.js";
import { isMemberFault } from "./member-fault.js";
import { RequestRoom } from "./request-room.js";

/** What all calls of a resuming transport share. */
export interface ResumeContext {
  /** Makes the calls to etcd. */
  readonly transport: Transport;
  /** How long a broken call is tried anew before it fails, in milliseconds; 0 for not at all. */
  readonly timeout: number;
  /** How many watches a stream may have. */
  readonly maxWatches: number;
  /** The calls under way. */
  readonly calls: Set<{ abort(error: GatewayError): void }>;
  /** Whether the transport has been closed. */
  closed: boolean;
}

/** A connection that lasted this long is replaced at once when it breaks, in milliseconds. */
const STABLE_AFTER = 1_000;
const NO_METADATA: Metadata = [];

/**
 * A streaming call that outlives its connections: when one breaks, the call goes on over another. What has to be said
 * again there, and which answers the client has had already, is for those that extend this to know.
 *
 * @typeParam Answer what they have to know of an answer
 */
export abstract class ResumableCall<Answer> implements StreamCall, StreamListener {
  protected readonly context: ResumeContext;
  protected readonly path: string;
  protected readonly options: CallOptions;
  readonly #listener: StreamListener;
  readonly #backoff = new Backoff();
  readonly #room: RequestRoom;
  /** The call to etcd; absent while there is no connection. */
  #call: StreamCall | undefined;
  #openedAt = 0;
  /** Whether an answer came over the connection under way. */
  #answered = false;
  /** Whether etcd was reached, now or earlier. */
  #reached = false;
  #headed = false;
  #delivered = false;
  /** Whether something was delivered since the connection broke last. */
  #advanced = false;
  /** The break that is not overcome yet. */
  #lost: { readonly error: GatewayError; readonly at: number } | undefined;
  #retry: NodeJS.Timeout | undefined;
  #giveUp: NodeJS.Timeout | undefined;
  #paused = false;
  #ended = false;
  #halfClosed = false;
  #cancelled = false;
  #over = false;

  constructor(context: ResumeContext, path: string, options: CallOptions, listener: StreamListener) {
    this.context = context;
    this.path = path;
    this.options = options;
    this.#listener = listener;
    this.#room = new RequestRoom(() => {
      if (!this.#over) listener.onDrain();
    });
    context.calls.add(this);
  }

  /** Starts the call. */
  start(): void {
    this.connect();
  }

  send(message: Uint8Array): boolean {
    if (this.#over || this.#ended) return true;
    this.onRequest(message);
    if (this.#call === undefined) this.#room.hold(message);
    return this.#room.free;
  }

  end(): void {
    if (this.#over || this.#ended) return;
    this.#ended = true;
    this.onRequestsEnd();
  }

  pause(): void {
    this.#paused = true;
    this.#call?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#call?.resume();
  }

  cancel(): void {
    this.#cancelled = true;
    if (this.#call !== undefined) this.#call.cancel();
    else this.abort(new GatewayError(Status.CANCELLED, "context canceled"));
  }

  /** Ends a call that has no connection. The listener hears it later, never from within this function. */
  abort(error: GatewayError): void {
    if (this.#over || this.#call !== undefined) return;
    this.#close();
    process.nextTick(() => this.#listener.onEnd(error, NO_METADATA));
  }

  /** Headers alone do not tell that it is etcd which answers: a web server sends some, too. */
  onHeaders(headers: Metadata): void {
    if (this.#over || this.#headed) return;
    this.#headed = true;
    this.#listener.onHeaders(headers);
  }

  onMessage(message: Buffer): void {
    if (this.#over) return;
    this.#reached = true;
    this.#answered = true;
    if (this.#giveUp !== undefined) {
      clearTimeout(this.#giveUp);
      this.#giveUp = undefined;
      this.options.progress?.onResumed();
    }
    let answer: Answer;
    try {
      answer = this.read(message);
    } catch (cause) {
      this.finish(new GatewayError(Status.INTERNAL, "the server sent a response that cannot be read", { cause }));
      return;
    }
    this.onAnswer(message, answer);
  }

  onDrain(): void {
    this.#room.drain();
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    this.#call = undefined;
    if (this.#over) return;
    if (!this.#isResumable(error)) this.#tell(error, trailers);
    else if (this.complete) this.#tell(undefined, NO_METADATA);
    else this.#reconnect(error ?? new GatewayError(Status.UNAVAILABLE, "the server ended the stream early"));
  }

  /**
   * Whether an end, without an error if etcd calls it a good one, is but that of a connection.
   *
   * @param reached whether etcd has answered, or was connected before
   */
  protected isBreak(error: GatewayError | undefined, reached: boolean): boolean {
    if (error === undefined) return false;
    // Before etcd was reached a client is better off with the error: there is nothing of its to be kept alive.
    if (!reached) return error instanceof ConnectionBroken;
    return (
      error.code === Status.UNAVAILABLE ||
      isMemberFault(error.message) ||
      // Not the client's doing: an etcd that stops cancels its streams.
      error.code === Status.CANCELLED ||
      (error.code === Status.INTERNAL && error.message.startsWith("Received RST_STREAM"))
    );
  }

  /** The connection broke, and another is sought. */
  protected onBreak(): void {}
  /** Says on a new connection what has to be said first. */
  protected abstract onOpen(): void;
  /** Takes a request of the client's, which may come while there is no connection. */
  protected abstract onRequest(message: Uint8Array): void;
  /** The client has no more requests, and there may be no connection. */
  protected abstract onRequestsEnd(): void;
  /** Reads of an answer what `onAnswer` has to know. What it throws ends the call. */
  protected abstract read(message: Buffer): Answer;
  /** Takes an answer of etcd's. */
  protected abstract onAnswer(message: Buffer, answer: Answer): void;
  /** Whether all has been said, so that a connection that breaks is no loss. */
  protected abstract get complete(): boolean;

  /** Whether there is a connection, or one is awaited by what `transmit` sends. */
  protected get open(): boolean {
    return this.#call !== undefined;
  }

  /** Whether the client has no more requests. */
  protected get ended(): boolean {
    return this.#ended;
  }

  /** Whether the client has had an answer. */
  protected get delivered(): boolean {
    return this.#delivered;
  }

  /** Opens the call to etcd. */
  protected connect(): void {
    if (this.#over) return;
    this.#openedAt = performance.now();
    this.#answered = false;
    this.#advanced = false;
    this.#halfClosed = false;
    this.#room.release(() => {
      this.#call = this.context.transport.stream(this.path, this.options, this);
      if (this.#paused) this.#call.pause();
      this.onOpen();
    });
  }

  /** Sends etcd a message. */
  protected transmit(message: Uint8Array): void {
    if (this.#call !== undefined) this.#room.sent(this.#call.send(message));
  }

  /** Tells etcd that no more requests follow. */
  protected halfClose(): void {
    if (this.#halfClosed) return;
    this.#halfClosed = true;
    this.#call?.end();
  }

  /** Hands the client an answer. */
  protected deliver(message: Buffer): void {
    if (this.#over) return;
    this.#delivered = true;
    this.#advanced = true;
    this.#listener.onMessage(message);
  }

  /** Ends the call for a reason of our own: well, if there is no error. */
  protected finish(error?: GatewayError): void {
    if (this.#over) return;
    const call = this.#call;
    this.#tell(error, NO_METADATA);
    call?.cancel();
  }

  /** The call is over: lets go of what waits. */
  protected onClose(): void {}

  #isResumable(error: GatewayError | undefined): boolean {
    return this.context.timeout > 0 && !this.context.closed && !this.#cancelled && this.isBreak(error, this.#reached);
  }

  #reconnect(error: GatewayError): void {
    const now = performance.now();
    const lasted = this.#answered && now - this.#openedAt >= STABLE_AFTER;
    if (lasted) this.#backoff.reset();
    // What breaks again and again without getting anywhere must come to an end.
    if (lasted || this.#advanced) this.#lost = undefined;
    this.#reached = true;
    this.#lost ??= { error, at: now };
    const left = this.context.timeout - (now - this.#lost.at);
    const { error: first } = this.#lost;
    if (left <= 0) {
      this.#tell(first, NO_METADATA);
      return;
    }
    this.#giveUp ??= setTimeout(() => this.finish(first), left);
    const untilDeadline = (this.options.deadline ?? Number.POSITIVE_INFINITY) - Date.now();
    const delay = Math.min(this.#backoff.next(), untilDeadline);
    this.onBreak();
    if (delay <= 0) this.connect();
    else if (!this.#over) this.#retry = setTimeout(() => this.connect(), delay);
  }

  #tell(error: GatewayError | undefined, trailers: Metadata): void {
    this.#close();
    this.#listener.onEnd(error, trailers);
  }

  #close(): void {
    this.#over = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#giveUp);
    this.context.calls.delete(this);
    this.onClose();
  }
}
