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

/** A transport without a network. Tests take its calls one after the other, and act as the server. */
export class FakeTransport implements Transport {
  readonly #unaries = new Queue<FakeUnary>();
  readonly #streams = new Queue<FakeStream>();
  /** Whether `send` of new streams reports a full buffer. */
  full = false;
  closed = false;

  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    const call = new FakeUnary(path, Buffer.from(request), options, listener);
    this.#unaries.push(call);
    return call;
  }

  stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    const call = new FakeStream(path, options, listener);
    call.full = this.full;
    this.#streams.push(call);
    return call;
  }

  close(): void {
    this.closed = true;
  }

  /** Returns the next unary call that was not taken yet. */
  nextUnary(): Promise<FakeUnary> {
    return this.#unaries.take();
  }

  /** Returns the next stream that was not taken yet. */
  nextStream(): Promise<FakeStream> {
    return this.#streams.take();
  }

  /** The number of calls that were not taken yet. */
  get waiting(): number {
    return this.#unaries.length + this.#streams.length;
  }
}

/** A unary call in progress. */
export class FakeUnary implements Call {
  readonly path: string;
  readonly request: Buffer;
  readonly options: CallOptions;
  readonly canceled: Promise<void>;
  readonly #listener: UnaryListener;
  #cancel: () => void = () => {};

  constructor(path: string, request: Buffer, options: CallOptions, listener: UnaryListener) {
    this.path = path;
    this.request = request;
    this.options = options;
    this.#listener = listener;
    this.canceled = new Promise((resolve) => {
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
    process.nextTick(() => this.fail(canceled()));
  }
}

/** A streaming call in progress. */
export class FakeStream implements StreamCall {
  readonly path: string;
  readonly options: CallOptions;
  readonly canceled: Promise<void>;
  /** Whether `send` reports a full buffer. */
  full = false;
  /** Whether the gateway has paused the responses. */
  paused = false;
  readonly #listener: StreamListener;
  readonly #sent = new Queue<Buffer | undefined>();
  #cancel: () => void = () => {};

  constructor(path: string, options: CallOptions, listener: StreamListener) {
    this.path = path;
    this.options = options;
    this.#listener = listener;
    this.canceled = new Promise((resolve) => {
      this.#cancel = resolve;
    });
  }

  /** Returns the next message from the gateway, or `undefined` when the gateway has ended its side. */
  nextRequest(): Promise<Buffer | undefined> {
    return this.#sent.take();
  }

  /** The number of requests that were not taken yet. */
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
    process.nextTick(() => this.finish(canceled()));
  }

  headers(headers: Metadata): void {
    this.#listener.onHeaders(headers);
  }

  respond(message: Uint8Array): void {
    this.#listener.onMessage(Buffer.from(message));
  }

  /** Tells the gateway that it can send again. */
  drain(): void {
    this.full = false;
    this.#listener.onDrain();
  }

  finish(error?: GatewayError, trailers: Metadata = []): void {
    this.#listener.onEnd(error, trailers);
  }
}

function canceled(): GatewayError {
  return new GatewayError(Status.CANCELLED, "canceled");
}

/** A queue of items, and of takers that wait for one. */
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
