import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import type {
  Call,
  CallOptions,
  Metadata,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "../../../runtime/core/transport/transport.js";

/** A transport without a network: tests take its calls, one after the other, and play the server. */
export class FakeTransport implements Transport {
  readonly #unaries = new Queue<FakeUnary>();
  readonly #streams = new Queue<FakeStream>();
  closed = false;

  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    const call = new FakeUnary(path, Buffer.from(request), options, listener);
    this.#unaries.push(call);
    return call;
  }

  stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    const call = new FakeStream(path, options, listener);
    this.#streams.push(call);
    return call;
  }

  close(): void {
    this.closed = true;
  }

  /** The next unary call that nobody has taken. */
  nextUnary(): Promise<FakeUnary> {
    return this.#unaries.take();
  }

  /** The next stream that nobody has taken. */
  nextStream(): Promise<FakeStream> {
    return this.#streams.take();
  }

  /** How many calls wait to be taken. */
  get waiting(): number {
    return this.#unaries.length + this.#streams.length;
  }
}

/** A unary call under way. */
export class FakeUnary implements Call {
  readonly path: string;
  readonly request: Buffer;
  readonly options: CallOptions;
  readonly cancelled: Promise<void>;
  readonly #listener: UnaryListener;
  #cancel: () => void = () => {};

  constructor(path: string, request: Buffer, options: CallOptions, listener: UnaryListener) {
    this.path = path;
    this.request = request;
    this.options = options;
    this.#listener = listener;
    this.cancelled = new Promise((resolve) => {
      this.#cancel = resolve;
    });
  }

  respond(message: Uint8Array, headers: Metadata = [], trailers: Metadata = []): void {
    this.#listener.onResponse(Buffer.from(message), headers, trailers);
  }

  fail(error: GatewayError, headers: Metadata = [], trailers: Metadata = []): void {
    this.#listener.onError(error, trailers, headers);
  }

  cancel(): void {
    this.#cancel();
    process.nextTick(() => this.fail(cancelled()));
  }
}

/** A streaming call under way. */
export class FakeStream implements StreamCall {
  readonly path: string;
  readonly options: CallOptions;
  readonly cancelled: Promise<void>;
  /** Whether `send` says that its buffer is full. */
  full = false;
  /** Whether the gateway wants no messages for now. */
  paused = false;
  readonly #listener: StreamListener;
  readonly #sent = new Queue<Buffer | undefined>();
  #cancel: () => void = () => {};

  constructor(path: string, options: CallOptions, listener: StreamListener) {
    this.path = path;
    this.options = options;
    this.#listener = listener;
    this.cancelled = new Promise((resolve) => {
      this.#cancel = resolve;
    });
  }

  /** The next message that the gateway sent; `undefined` when it ended its side. */
  nextRequest(): Promise<Buffer | undefined> {
    return this.#sent.take();
  }

  /** How many requests wait to be taken. */
  get waiting(): number {
    return this.#sent.length;
  }

  send(message: Uint8Array): boolean {
    this.#sent.push(Buffer.from(message));
    return !this.full;
  }

  end(): void {
    this.#sent.push(undefined);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  cancel(): void {
    this.#cancel();
    process.nextTick(() => this.finish(cancelled()));
  }

  headers(headers: Metadata): void {
    this.#listener.onHeaders(headers);
  }

  respond(message: Uint8Array): void {
    this.#listener.onMessage(Buffer.from(message));
  }

  /** Says that `send` may go on. */
  drain(): void {
    this.full = false;
    this.#listener.onDrain();
  }

  finish(error?: GatewayError, trailers: Metadata = []): void {
    this.#listener.onEnd(error, trailers);
  }
}

function cancelled(): GatewayError {
  return new GatewayError(Status.CANCELLED, "cancelled");
}

/** What has come, and who waits for it. */
class Queue<Item> {
  readonly #items: Item[] = [];
  readonly #takers: ((item: Item) => void)[] = [];

  get length(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(item);
    else taker(item);
  }

  take(): Promise<Item> {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift() as Item);
    return new Promise((resolve) => this.#takers.push(resolve));
  }
}
