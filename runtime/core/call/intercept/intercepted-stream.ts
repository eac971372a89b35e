import type { IncomingMessage } from "node:http";
import { bufferOf } from "../../bytes/buffer-of.js";
import { callCanceled } from "../../errors/context-errors.js";
import type { GatewayError } from "../../errors/gateway-error.js";
import { NO_METADATA } from "../../transport/metadata.js";
import type { CallOptions, Metadata, StreamCall, StreamListener, Transport } from "../../transport/transport.js";
import { checkedMessage, checkedMetadata, isThenable } from "../app-result.js";
import { isPlainObject } from "../is-plain-object.js";
import type { Rpc } from "../rpc.js";
import type { InterceptedCall, StreamHooks } from "./interceptor.js";
import { interceptorError } from "./interceptor-error.js";
import { type AnyInterceptor, runBefore } from "./interceptor-table.js";
import { MessageRelay } from "./message-relay.js";

/** A stream with interceptors. The call to the server begins once the interceptor has returned its hooks. */
export class InterceptedStream implements StreamCall, StreamListener {
  readonly #rpc: Rpc;
  readonly #transport: Transport;
  readonly #options: CallOptions;
  readonly #listener: StreamListener;
  readonly #abort = new AbortController();
  readonly #requests: MessageRelay;
  readonly #responses: MessageRelay;
  #hooks: StreamHooks<unknown, unknown> = {};
  #call: StreamCall | undefined;
  /** Whether the send buffer of the call to the server is full. */
  #full = false;
  /** Whether `send` has returned `false` and `onDrain` has not been called since. */
  #owesDrain = false;
  #paused = false;
  /** Whether responses of the server are paused. */
  #held = false;
  #over = false;

  constructor(rpc: Rpc, transport: Transport, options: CallOptions, listener: StreamListener) {
    this.#rpc = rpc;
    this.#transport = transport;
    this.#options = options;
    this.#listener = listener;
    const onError = (error: unknown): void => this.#fail(interceptorError(error));
    this.#requests = new MessageRelay(
      (message) => this.#changeRequest(message),
      { deliver: (message) => this.#transmit(message), onIdle: () => this.#drain(), onError },
      true,
    );
    this.#responses = new MessageRelay((message) => this.#changeResponse(message), {
      deliver: (message) => this.#listener.onMessage(bufferOf(message)),
      onIdle: () => this.#flow(),
      onError,
    });
  }

  /** Runs the interceptors. */
  start({ before, messages }: AnyInterceptor, req: IncomingMessage): void {
    const { metadata } = this.#options;
    const call: InterceptedCall = { rpc: this.#rpc.name, req, metadata, signal: this.#abort.signal };
    const intercept = (): unknown => (messages === undefined ? {} : messages.stream(call));
    try {
      const hooks: unknown = before.length === 0 ? intercept() : runBefore(before, call).then(intercept);
      if (!isThenable(hooks)) {
        this.#open(hooks, call);
        return;
      }
      Promise.resolve(hooks)
        .then((ready) => this.#open(ready, call))
        .catch((error: unknown) => this.#fail(interceptorError(error)));
    } catch (error) {
      this.#fail(interceptorError(error));
    }
  }

  send(message: Uint8Array): boolean {
    if (this.#over) return true;
    this.#requests.push(message);
    this.#owesDrain = !this.#over && (this.#full || this.#requests.busy);
    return !this.#owesDrain;
  }

  end(): void {
    this.#requests.finish(() => this.#call?.end());
  }

  pause(): void {
    this.#paused = true;
    this.#flow();
  }

  resume(): void {
    this.#paused = false;
    this.#flow();
  }

  cancel(): void {
    this.#fail(callCanceled());
  }

  onHeaders(headers: Metadata): void {
    if (!this.#over) this.#listener.onHeaders(headers);
  }

  onMessage(message: Buffer): void {
    this.#responses.push(message);
    this.#flow();
  }

  onDrain(): void {
    this.#full = false;
    this.#drain();
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    this.#responses.finish(() => {
      if (this.#over) return;
      this.#close();
      if (error !== undefined) this.#abort.abort(error);
      this.#listener.onEnd(error, trailers);
    });
  }

  #open(hooks: unknown, call: InterceptedCall): void {
    if (this.#over) return;
    const interceptor = `the interceptor of ${this.#rpc.name}`;
    if (!isHooks(hooks)) throw new TypeError(`${interceptor} returned no hooks: return {} if there are none`);
    this.#hooks = hooks;
    const metadata = checkedMetadata(call.metadata, interceptor);
    this.#call = this.#transport.stream(this.#rpc.method.path, { ...this.#options, metadata }, this);
    this.#flow();
    this.#requests.release();
  }

  #changeRequest(message: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const { onRequest } = this.#hooks;
    if (onRequest === undefined) return message;
    const { method } = this.#rpc;
    const changed = onRequest.call(this.#hooks, method.requestDeserialize(Buffer.from(message)));
    const serialize = (value: unknown): Uint8Array =>
      method.requestSerialize(checkedMessage(value, `onRequest of ${this.#rpc.name}`));
    return isThenable(changed) ? Promise.resolve(changed).then(serialize) : serialize(changed);
  }

  #changeResponse(message: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const { onResponse } = this.#hooks;
    if (onResponse === undefined) return message;
    const { method } = this.#rpc;
    const changed = onResponse.call(this.#hooks, method.responseDeserialize(bufferOf(message)));
    const serialize = (value: unknown): Uint8Array =>
      method.responseSerialize(checkedMessage(value, `onResponse of ${this.#rpc.name}`));
    return isThenable(changed) ? Promise.resolve(changed).then(serialize) : serialize(changed);
  }

  #transmit(message: Uint8Array): void {
    if (this.#call?.send(message) === false) this.#full = true;
  }

  #drain(): void {
    if (this.#over || !this.#owesDrain || this.#full || this.#requests.busy) return;
    this.#owesDrain = false;
    this.#listener.onDrain();
  }

  /** Pauses the server while the client does not read, or while a response waits for its hook. */
  #flow(): void {
    const hold = this.#paused || this.#responses.busy;
    if (this.#call === undefined || hold === this.#held) return;
    this.#held = hold;
    if (hold) this.#call.pause();
    else this.#call.resume();
  }

  /**
   * Ends the stream with an error. The listener is called on the next tick, never from within a function that it has
   * called.
   */
  #fail(error: GatewayError): void {
    if (this.#over) return;
    this.#close();
    this.#abort.abort(error);
    this.#call?.cancel();
    process.nextTick(() => this.#listener.onEnd(error, NO_METADATA));
  }

  #close(): void {
    this.#over = true;
    this.#requests.stop();
    this.#responses.stop();
  }
}

/**
 * Whether a value can be hooks. A value without any hook is rejected unless it is `{}`: it may contain a misspelt hook,
 * and then the stream would pass without its check.
 */
function isHooks(value: unknown): value is StreamHooks<unknown, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const hooks = ["onRequest", "onResponse"].map((name): unknown => Reflect.get(value, name));
  if (hooks.some((hook) => hook !== undefined && typeof hook !== "function")) return false;
  return hooks.some((hook) => hook !== undefined) || isEmpty(value);
}

/** Whether an object is equal to `{}`, from any realm. Properties with the value `undefined` do not count. */
function isEmpty(value: object): boolean {
  return isPlainObject(value) && Object.values(value).every((property) => property === undefined);
}
