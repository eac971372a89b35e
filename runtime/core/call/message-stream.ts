import { Fifo } from "../collections/fifo.js";
import type { GatewayError } from "../errors/gateway-error.js";
import type { Metadata, StreamCall, StreamListener } from "../transport/transport.js";

interface Reader<Response> {
  readonly resolve: (result: IteratorResult<Response, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The messages of a stream, for `for await`. While received messages wait to be read, the server is paused, so that a
 * slow reader needs little memory. Leaving the loop early cancels the call. If the call fails, reading rejects after
 * the messages received before.
 */
export class MessageStream<Response> implements AsyncIterableIterator<Response, undefined>, StreamListener {
  readonly #decode: (bytes: Buffer) => Response;
  readonly #onOver: () => void;
  readonly #kept = new Fifo<Response>();
  readonly #readers = new Fifo<Reader<Response>>();
  readonly #senders: (() => void)[] = [];
  #call: StreamCall | undefined;
  #over = false;
  #error: unknown;

  /**
   * @param decode makes a message from its bytes; if it throws, the stream ends with that error
   * @param onOver called once, when the call ends
   */
  constructor(decode: (bytes: Buffer) => Response, onOver: () => void) {
    this.#decode = decode;
    this.#onOver = onOver;
  }

  /** Sets the call that the messages belong to. */
  attach(call: StreamCall): void {
    this.#call = call;
  }

  /** Resolves when the call accepts more messages, or has ended. */
  drained(): Promise<void> {
    return this.#over ? Promise.resolve() : new Promise((resolve) => this.#senders.push(resolve));
  }

  /** Whether the call has ended. */
  get over(): boolean {
    return this.#over;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Response, undefined>> {
    const message = this.#kept.shift();
    if (message !== undefined) {
      if (this.#kept.length === 0) this.#call?.resume();
      return Promise.resolve({ done: false, value: message });
    }
    if (!this.#over) return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
    const error = this.#error;
    this.#error = undefined;
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
  }

  /** Drops the remaining messages and cancels the call. */
  return(): Promise<IteratorReturnResult<undefined>> {
    this.#kept.clear();
    this.#finish(undefined);
    this.#call?.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  onHeaders(): void {}

  onMessage(bytes: Buffer): void {
    if (this.#over) return;
    let value: Response;
    try {
      value = this.#decode(bytes);
    } catch (error) {
      this.#finish(error);
      this.#call?.cancel();
      return;
    }
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value });
      return;
    }
    this.#kept.push(value);
    this.#call?.pause();
  }

  onDrain(): void {
    for (const resolve of this.#senders.splice(0)) resolve();
  }

  onEnd(error: GatewayError | undefined, _trailers: Metadata): void {
    this.#finish(error);
  }

  #finish(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver();
    this.onDrain();
    // Only the first reader gets the error.
    const first = error === undefined ? undefined : this.#readers.shift();
    if (first === undefined) this.#error = error;
    else first.reject(error);
    for (const { resolve } of this.#readers) resolve({ done: true, value: undefined });
    this.#readers.clear();
  }
}
