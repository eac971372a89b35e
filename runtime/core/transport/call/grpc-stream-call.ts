import { bufferOf } from "../../bytes/buffer-of.js";
import { Fifo } from "../../collections/fifo.js";
import type { GatewayError } from "../../errors/gateway-error.js";
import { messageMemory } from "../message-memory.js";
import type { CallOptions, Metadata, StreamCall, StreamListener } from "../transport.js";
import { type CallContext, GrpcCall } from "./grpc-call.js";

/** If the messages that wait to be sent take at least this much memory, in bytes, `send` returns `false`. */
const SEND_BUFFER = 64 * 1024;

/** A streaming call of any kind. */
export class GrpcStreamCall extends GrpcCall implements StreamCall {
  readonly #listener: StreamListener;
  /** Messages that have not been sent, as far as known. */
  readonly #outbox = new Fifo<Buffer>();
  /** How much memory the outbox takes, in bytes. */
  #waiting = 0;
  /** Whether the first message of the outbox has been passed to the attempt. */
  #handed = false;
  /** Whether a message has left the outbox. */
  #begun = false;
  #full = false;
  #ended = false;
  #halfClosed = false;

  constructor(context: CallContext, path: string, options: CallOptions, listener: StreamListener) {
    super(context, path, options, "long");
    this.#listener = listener;
  }

  send(message: Uint8Array): boolean {
    if (this.over || this.#ended) return true;
    const bytes = bufferOf(message);
    this.#outbox.push(bytes);
    this.#waiting += messageMemory(bytes);
    this.#hand();
    this.#full = this.#waiting >= SEND_BUFFER;
    return !this.#full;
  }

  end(): void {
    if (this.over || this.#ended) return;
    this.#ended = true;
    this.#hand();
  }

  pause(): void {
    this.hold(true);
  }

  resume(): void {
    this.hold(false);
  }

  protected override get repeatable(): boolean {
    return !this.#begun;
  }

  protected override onAttempt(): void {
    this.#handed = false;
    this.#halfClosed = false;
    this.#hand();
    // The attempt may have sent all that waited for it at once, and then reports nothing.
    this.#drain();
  }

  override onHeaders(headers: Metadata): void {
    if (!this.over) this.#listener.onHeaders(headers);
  }

  override onMessage(message: Buffer): void {
    if (this.over) return;
    this.#listener.onMessage(message);
    this.arrived();
  }

  override onSent(): void {
    if (this.over) return;
    this.#left();
    this.#hand();
    this.#drain();
  }

  protected override onSuccess(trailers: Metadata): void {
    this.#listener.onEnd(undefined, trailers);
  }

  protected override onFailure(error: GatewayError, trailers: Metadata): void {
    this.#listener.onEnd(error, trailers);
  }

  /** Passes the next message to the attempt, which accepts one at a time, or the end after the last message. */
  #hand(): void {
    const { attempt } = this;
    if (attempt === undefined) return;
    while (!this.#handed) {
      const message = this.#outbox.first;
      if (message === undefined) break;
      const last = this.#ended && this.#outbox.length === 1;
      this.#halfClosed ||= last;
      this.#handed = true;
      if (attempt.send(message, last)) this.#left();
    }
    if (this.#ended && !this.#halfClosed && this.#outbox.length <= 1) {
      this.#halfClosed = true;
      attempt.end();
    }
  }

  /** Tells the listener when there is room again. */
  #drain(): void {
    if (!this.#full || this.#waiting >= SEND_BUFFER) return;
    this.#full = false;
    this.#listener.onDrain();
  }

  /** Removes the message that has been sent. */
  #left(): void {
    this.#begun = true;
    this.#handed = false;
    const message = this.#outbox.shift();
    if (message !== undefined) this.#waiting -= messageMemory(message);
  }
}
