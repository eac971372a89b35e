import type { GatewayError } from "../gateway-error.js";
import { type CallContext, type ChannelCall, GrpcCall } from "./grpc-call.js";
import type { CallOptions, Metadata, StreamCall, StreamListener } from "./transport.js";

/** From this many bytes that wait to be sent on, `send` asks its caller to wait. */
const SEND_BUFFER = 64 * 1024;

/** A streaming call of any kind. Messages are asked for one at a time, so that a pause reaches the server. */
export class GrpcStreamCall extends GrpcCall implements StreamCall {
  readonly #listener: StreamListener;
  /** Messages not yet known to be on their way. */
  readonly #outbox: Buffer[] = [];
  readonly #sent: () => void;
  /** How many bytes are in the outbox. */
  #waiting = 0;
  /** Whether the first message in the outbox is with grpc-js. */
  #handed = false;
  /** Whether a message has left the outbox. */
  #begun = false;
  #full = false;
  #ended = false;
  #halfClosed = false;
  #paused = false;
  #reading = false;

  constructor(context: CallContext, path: string, options: CallOptions, listener: StreamListener) {
    super(context, path, options, "long");
    this.#listener = listener;
    this.#sent = () => this.#onSent();
  }

  send(message: Uint8Array): boolean {
    if (this.over || this.#ended) return true;
    const bytes = Buffer.isBuffer(message)
      ? message
      : Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    this.#outbox.push(bytes);
    this.#waiting += bytes.length;
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
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  protected override get repeatable(): boolean {
    return !this.#begun;
  }

  protected override onAttempt(): void {
    this.#handed = false;
    this.#halfClosed = false;
    this.#reading = false;
    this.#read();
    this.#hand();
  }

  protected override onHeaders(headers: Metadata): void {
    this.#listener.onHeaders(headers);
  }

  protected override onMessage(message: Buffer): void {
    this.#reading = false;
    this.#listener.onMessage(message);
    this.#read();
  }

  protected override onSuccess(trailers: Metadata): void {
    this.#listener.onEnd(undefined, trailers);
  }

  protected override onFailure(error: GatewayError, trailers: Metadata): void {
    this.#listener.onEnd(error, trailers);
  }

  #read(): void {
    if (this.#paused || this.#reading || this.attempt === undefined) return;
    this.#reading = true;
    this.attempt.startRead();
  }

  /** Hands grpc-js the next message, of which it takes one at a time, or the end after the last. */
  #hand(): void {
    const attempt: ChannelCall | undefined = this.attempt;
    if (attempt === undefined) return;
    const message = this.#outbox[0];
    if (message !== undefined && !this.#handed) {
      this.#handed = true;
      attempt.sendMessageWithContext({ callback: this.#sent }, message);
    }
    if (this.#ended && !this.#halfClosed && this.#outbox.length <= 1) {
      this.#halfClosed = true;
      attempt.halfClose();
    }
  }

  #onSent(): void {
    if (this.over) return;
    this.#begun = true;
    this.#handed = false;
    this.#waiting -= this.#outbox.shift()?.length ?? 0;
    this.#hand();
    if (this.#full && this.#waiting < SEND_BUFFER) {
      this.#full = false;
      this.#listener.onDrain();
    }
  }
}
