import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import { Rejection } from "../errors/rejection.js";
import { Status, type StatusCode } from "../errors/status.js";
import type { CallProgress, Metadata } from "../transport/transport.js";
import type { CallObservers } from "./call-observers.js";
import type { CallFacts, CallFraming, CallProtocol, CallRecord, RejectionReason } from "./call-record.js";
import { requestIdOf } from "./request-id.js";

/** The status if the client disconnects before the response begins. nginx has introduced it. */
const CLIENT_GONE = 499;

/**
 * The record of a call while it is being written. It reports the start to the observers when it is created, and the end
 * once.
 */
export class Recording implements CallRecord, CallProgress {
  readonly rpc: string | undefined;
  readonly template: string | undefined;
  readonly isStream: boolean;
  readonly protocol: CallProtocol;
  readonly framing: CallFraming;
  readonly httpMethod: string;
  readonly clientAddress: string | undefined;
  readonly #observers: CallObservers;
  readonly #req: IncomingMessage;
  readonly #start = performance.now();
  #end: number | undefined;
  #requestId: string | undefined;
  #httpStatus: number | undefined;
  #code: StatusCode | undefined;
  #error: GatewayError | undefined;
  #rejected: RejectionReason | undefined;
  #requestMessages = 0;
  #requestBytes = 0;
  #responseMessages = 0;
  #responseBytes = 0;
  #endpoint: string | undefined;
  #attempts = 0;
  /** Since when the gateway has been waiting for a server. `undefined` if it is not waiting. */
  #calledAt: number | undefined;
  #backendDuration = 0;
  #resumptions = 0;

  /** Begins the record of a request. It ends with the response, unless {@link Recording.end} is called before. */
  constructor(observers: CallObservers, req: IncomingMessage, res: ServerResponse, facts: CallFacts) {
    this.#observers = observers;
    this.#req = req;
    this.rpc = facts.rpc;
    this.template = facts.template;
    this.isStream = facts.isStream;
    this.protocol = facts.protocol;
    this.framing = facts.framing;
    this.httpMethod = req.method ?? "";
    // Not later, because a closed connection has no address.
    this.clientAddress = req.socket.remoteAddress;
    res.on("close", () => this.end(res.writableFinished, res.headersSent ? res.statusCode : CLIENT_GONE));
    observers.started(this, req);
  }

  get requestId(): string {
    this.#requestId ??= requestIdOf(this.#req.headers);
    return this.#requestId;
  }

  get startTime(): number {
    return performance.timeOrigin + this.#start;
  }

  get duration(): number {
    return (this.#end ?? performance.now()) - this.#start;
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  get httpStatus(): number | undefined {
    return this.#httpStatus;
  }

  get code(): StatusCode | undefined {
    return this.#code;
  }

  get error(): GatewayError | undefined {
    return this.#error;
  }

  get rejected(): RejectionReason | undefined {
    return this.#rejected;
  }

  get requestMessages(): number {
    return this.#requestMessages;
  }

  get requestBytes(): number {
    return this.#requestBytes;
  }

  get responseMessages(): number {
    return this.#responseMessages;
  }

  get responseBytes(): number {
    return this.#responseBytes;
  }

  get endpoint(): string | undefined {
    return this.#endpoint;
  }

  get attempts(): number {
    return this.#attempts;
  }

  get backendDuration(): number {
    return (
      this.#backendDuration + (this.#calledAt === undefined ? 0 : (this.#end ?? performance.now()) - this.#calledAt)
    );
  }

  get resumptions(): number {
    return this.#resumptions;
  }

  /** Counts a request message that has been read. */
  requested(bytes: number): void {
    if (this.#end !== undefined) return;
    this.#requestMessages += 1;
    this.#requestBytes += bytes;
  }

  /** Counts a response message, or a further part of one. */
  responded(bytes: number, messages = 1): void {
    if (this.#end !== undefined) return;
    this.#responseMessages += messages;
    this.#responseBytes += bytes;
  }

  /**
   * Records that the call fails. Only the first error counts.
   *
   * @param rejected why the gateway rejects the call, if the error alone does not tell
   */
  fail(error: GatewayError, rejected?: RejectionReason): void {
    if (this.#end !== undefined || this.#error !== undefined) return;
    this.#error = error;
    this.#rejected = rejected ?? this.#reasonOf(error);
  }

  /**
   * Ends the record. Only the first end counts.
   *
   * @param complete whether the client has been sent everything
   */
  end(complete: boolean, httpStatus: number): void {
    if (this.#end !== undefined) return;
    this.#end = performance.now();
    this.#httpStatus = httpStatus;
    this.#code = this.#error?.code ?? (complete ? Status.OK : Status.CANCELLED);
    this.#observers.ended(this, this.#req);
  }

  onCall(metadata: Metadata): Metadata {
    if (this.#end !== undefined) return metadata;
    this.#calledAt ??= performance.now();
    return this.#observers.calling(this, this.#req, metadata);
  }

  onAttempt(endpoint: string): void {
    if (this.#end !== undefined) return;
    this.#attempts += 1;
    this.#endpoint = endpoint;
  }

  onResult(): void {
    if (this.#end !== undefined || this.#calledAt === undefined) return;
    this.#backendDuration += performance.now() - this.#calledAt;
    this.#calledAt = undefined;
  }

  onResumed(): void {
    if (this.#end === undefined) this.#resumptions += 1;
  }

  /** Returns why the gateway itself has rejected a call. `undefined` if a server refused it, or could not be asked. */
  #reasonOf(error: GatewayError): RejectionReason | undefined {
    if (error instanceof Rejection) return error.reason;
    return this.#attempts > 0 || error.httpStatus >= 500 ? undefined : "bad-request";
  }
}
