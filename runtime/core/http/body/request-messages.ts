import { ByteChunks } from "../../session/byte-chunks.js";
import { JsonSequence } from "../../session/json-sequence.js";
import { RequestFeed, type RequestFeedListener } from "../../session/request-feed.js";
import { bodyTimedOut } from "./body-timer.js";
import type { GatewayRequest } from "./gateway-request.js";
import { bodyAsRead } from "./parsed-body.js";
import { type BodyLimits, rejectDecodedBody, rejectEncodedBody, wasRead } from "./request-body.js";

/** Reads a request body that is a sequence of messages. Each message is passed on as soon as it is complete. */
export class RequestMessages {
  readonly #req: GatewayRequest;
  readonly #raw: boolean;
  readonly #feed: RequestFeed;
  readonly #listener: RequestFeedListener;
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
    listener: RequestFeedListener,
  ) {
    this.#req = req;
    this.#timeout = bodyTimeout;
    this.#raw = raw;
    const request = incompleteRequests.begin(this.#fail);
    const splitter = raw ? new ByteChunks(limit) : new JsonSequence(limit, request);
    this.#feed = new RequestFeed(splitter, false, req, request, {
      onMessage: (body) => {
        clearTimeout(this.#timer);
        return listener.onMessage(body);
      },
      onEnd: () => {
        clearTimeout(this.#timer);
        listener.onEnd();
      },
      onError: this.#fail,
    });
    this.#listener = listener;
  }

  /** Begins to read. Never throws. */
  start(): void {
    try {
      rejectEncodedBody(this.#req);
      if (!wasRead(this.#req)) {
        rejectDecodedBody(this.#req);
        this.#timer = setTimeout(() => this.#fail(bodyTimedOut(this.#timeout)), this.#timeout);
        this.#req.on("data", this.#onData).on("end", this.#onEnd);
        return;
      }
      this.#feed.push(bodyAsRead(this.#req, this.#raw));
      this.#feed.end();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Continues after `onMessage` returned `false`. */
  resume(): void {
    this.#feed.resume();
  }

  /** Stops reading. The listener is not called again. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#req.off("data", this.#onData).off("end", this.#onEnd);
    this.#feed.stop();
  }

  readonly #onData = (chunk: Buffer): void => this.#feed.push(chunk);

  readonly #onEnd = (): void => this.#feed.end();

  readonly #fail = (error: unknown): void => {
    this.stop();
    this.#listener.onError(error);
  };
}
