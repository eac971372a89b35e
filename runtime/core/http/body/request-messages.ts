import { ByteChunks } from "../../session/byte-chunks.js";
import { JsonSequence } from "../../session/json-sequence.js";
import { bodyTimedOut } from "./body-timer.js";
import type { GatewayRequest } from "./gateway-request.js";
import { bodyAsRead } from "./parsed-body.js";
import { type BodyLimits, rejectDecodedBody, rejectEncodedBody, wasRead } from "./request-body.js";

/** Receives the messages of a request body. If `onMessage` or `onEnd` throws, the error is passed to `onError`. */
export interface RequestMessagesListener {
  /**
   * A message, as its part of the body. Returning `false` pauses until {@link RequestMessages.resume}. Messages that
   * have already arrived may still follow.
   */
  onMessage(body: Buffer): boolean;
  /** All messages have been passed on. */
  onEnd(): void;
  /** The body was rejected. Nothing follows. */
  onError(error: unknown): void;
}

/** Reads a request body that is a sequence of messages. Each message is passed on as soon as it is complete. */
export class RequestMessages {
  readonly #req: GatewayRequest;
  readonly #raw: boolean;
  readonly #splitter: JsonSequence | ByteChunks;
  readonly #listener: RequestMessagesListener;
  readonly #timeout: number;
  /** Ends a request that sends no message, because it would hold its connection without a call. */
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param limits the longest message allowed, and the time for the first message. The body itself has no limit
   * @param raw whether the body is passed on as bytes, as they arrive, instead of being read as JSON
   */
  constructor(
    req: GatewayRequest,
    { bodyLimit: limit, bodyTimeout, incompleteRequests }: BodyLimits,
    raw: boolean,
    listener: RequestMessagesListener,
  ) {
    this.#req = req;
    this.#timeout = bodyTimeout;
    this.#raw = raw;
    this.#splitter = raw ? new ByteChunks(limit) : new JsonSequence(limit, incompleteRequests, this.#fail);
    this.#listener = listener;
  }

  /** Begins to read. Never throws. */
  start(): void {
    this.#guard(() => {
      rejectEncodedBody(this.#req);
      if (!wasRead(this.#req)) {
        rejectDecodedBody(this.#req);
        this.#timer = setTimeout(() => this.#guard(this.#timedOut), this.#timeout);
        this.#req.on("data", this.#onData).on("end", this.#onEnd);
        return;
      }
      this.#splitter.push(bodyAsRead(this.#req, this.#raw), this.#onValue);
      this.#end();
    });
  }

  /** Continues after `onMessage` returned `false`. */
  resume(): void {
    this.#req.resume();
  }

  /** Stops reading. The listener is not called again. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#splitter.drop();
    this.#req.off("data", this.#onData).off("end", this.#onEnd);
  }

  readonly #onData = (chunk: Buffer): void => this.#guard(() => this.#splitter.push(chunk, this.#onValue));

  readonly #onEnd = (): void => this.#guard(() => this.#end());

  readonly #timedOut = (): never => {
    throw bodyTimedOut(this.#timeout);
  };

  readonly #onValue = (body: Buffer): void => {
    clearTimeout(this.#timer);
    if (!this.#listener.onMessage(body)) this.#req.pause();
  };

  #end(): void {
    clearTimeout(this.#timer);
    this.#splitter.end(this.#onValue);
    this.#listener.onEnd();
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #fail = (error: unknown): void => {
    this.stop();
    this.#listener.onError(error);
  };
}
