import { ByteChunks } from "./byte-chunks.js";
import { JsonSequence } from "./json-sequence.js";
import { bodyAsRead, type GatewayRequest } from "./parsed-body.js";
import { refuseEncodedBody, wasRead } from "./request-body.js";

/** Takes the messages of a request body. What `onMessage` and `onEnd` throw comes back by `onError`. */
export interface RequestMessagesListener {
  /** A message as its part of the body. `false`: no more until {@link RequestMessages.resume}, if the body has not arrived yet. */
  onMessage(body: Buffer): boolean;
  /** All messages have been handed over. */
  onEnd(): void;
  /** The body is refused; nothing follows. */
  onError(error: unknown): void;
}

/** Reads a request body that is a sequence of messages, each handed over as soon as it is complete. */
export class RequestMessages {
  readonly #req: GatewayRequest;
  readonly #raw: boolean;
  readonly #splitter: JsonSequence | ByteChunks;
  readonly #listener: RequestMessagesListener;

  /**
   * @param limit the longest message allowed, in bytes; the body itself has no limit
   * @param raw whether it is bytes to be passed on as they arrive, rather than JSON
   */
  constructor(req: GatewayRequest, limit: number, raw: boolean, listener: RequestMessagesListener) {
    this.#req = req;
    this.#raw = raw;
    this.#splitter = raw ? new ByteChunks(limit) : new JsonSequence(limit);
    this.#listener = listener;
  }

  /** Begins to read. Never throws. */
  start(): void {
    this.#guard(() => {
      refuseEncodedBody(this.#req);
      if (!wasRead(this.#req)) {
        this.#req.on("data", this.#onData).on("end", this.#onEnd);
        return;
      }
      this.#splitter.push(bodyAsRead(this.#req, this.#raw), this.#onValue);
      this.#end();
    });
  }

  /** Goes on after `onMessage` returned `false`. */
  resume(): void {
    this.#req.resume();
  }

  /** Stops: the listener hears no more. */
  stop(): void {
    this.#req.off("data", this.#onData).off("end", this.#onEnd);
  }

  readonly #onData = (chunk: Buffer): void => this.#guard(() => this.#splitter.push(chunk, this.#onValue));

  readonly #onEnd = (): void => this.#guard(() => this.#end());

  readonly #onValue = (body: Buffer): void => {
    if (!this.#listener.onMessage(body)) this.#req.pause();
  };

  #end(): void {
    this.#splitter.end(this.#onValue);
    this.#listener.onEnd();
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.stop();
      this.#listener.onError(error);
    }
  }
}
