import type { GatewayError } from "../errors/gateway-error.js";
import type { Metadata, StreamCall, StreamListener } from "../transport/transport.js";

interface Reader<Response> {
  readonly resolve: (result: IteratorResult<Response, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The messages of a stream, to be read with `for await`. What is not read yet is kept, and the server held back, so that
 * a slow reader costs little memory. A loop that is left early cancels the call; a call that fails rejects, after the
 * messages that came before.
 */
export class MessageStream<Response> implements AsyncIterableIterator<Response, undefined>, StreamListener {
  readonly #decode: (bytes: Buffer) => Response;
  readonly #onOver: () => void;
  readonly #kept: Response[] = [];
  readonly #readers: Reader<Response>[] = [];
  readonly #senders: (() => void)[] = [];
  #call: StreamCall | undefined;
  #over = false;
  #error: unknown;

  /**
   * @param decode makes a message of its bytes; a `GatewayError` that it throws ends the stream
   * @param onOver told once when the call is over
   */
  constructor(decode: (bytes: Buffer) => Response, onOver: () => void) {
    this.#decode = decode;
    this.#onOver = onOver;
  }

  /** Sets the call whose messages these are. */
  attach(call: StreamCall): void {
    this.#call = call;
  }

  /** Resolves when the call takes more messages, or is over. */
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

  /** Leaves the rest unread and cancels the call. */
  return(): Promise<IteratorReturnResult<undefined>> {
    this.#kept.length = 0;
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
    const readers = this.#readers.splice(0);
    // The failure is told once, to the first who asks.
    if (error !== undefined && readers.length > 0) readers.shift()?.reject(error);
    else this.#error = error;
    for (const { resolve } of readers) resolve({ done: true, value: undefined });
  }
}
