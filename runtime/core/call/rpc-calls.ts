import { callCanceled } from "../errors/context-errors.js";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { isMetadataKey, isMetadataText, NO_METADATA } from "../transport/metadata.js";
import type { CallOptions, Metadata, StreamCall, Transport } from "../transport/transport.js";
import { CallRules } from "./call-rules.js";
import { CALL_TIMEOUT } from "./call-timeouts.js";
import { CLIENT_OPTIONS, type ClientCallOptions, type ClientSettings } from "./client-options.js";
import type { BidiStream, ClientStream, RequestStream } from "./client-types.js";
import { MessageStream } from "./message-stream.js";
import { type MetadataInit, metadataEntries } from "./metadata/metadata-init.js";
import type { Method, Rpc } from "./rpc.js";

/** The calls of one RPC, with messages of any type. */
export class RpcCalls {
  readonly #name: string;
  readonly #method: Method;
  readonly #transport: Transport;
  readonly #metadata: MetadataInit;
  readonly #rules: CallRules;
  /** A message with every field at its default. Decoded for the first request. */
  #defaults: object | undefined;

  constructor(rpc: Rpc, transport: Transport, { metadata, timeouts, idempotent }: ClientSettings) {
    this.#name = rpc.name;
    this.#method = rpc.method;
    this.#transport = transport;
    this.#metadata = metadata;
    this.#rules = new CallRules(rpc, timeouts, idempotent.includes(rpc.name));
  }

  async unary(request: object, options: ClientCallOptions): Promise<unknown> {
    const message = this.#encode(request);
    const callOptions = this.#callOptions(options);
    if (options.signal?.aborted === true) throw callCanceled();
    const response = await new Promise<Buffer>((resolve, reject) => {
      const over = onAbort(options.signal, () => call.cancel());
      const call = this.#transport.unary(this.#method.path, message, callOptions, {
        onResponse: (bytes) => {
          over();
          resolve(bytes);
        },
        onError: (error) => {
          over();
          reject(error);
        },
      });
    });
    return this.#decode(response);
  }

  serverStream(request: object, options: ClientCallOptions): MessageStream<unknown> {
    const message = this.#encode(request);
    const { stream, call } = this.#stream(options);
    call.send(message);
    call.end();
    return stream;
  }

  bidi(options: ClientCallOptions): BidiStream<object, unknown> {
    const { stream, call } = this.#stream(options);
    return { ...this.#requests(stream, call), [Symbol.asyncIterator]: () => stream };
  }

  clientStream(options: ClientCallOptions): ClientStream<object, unknown> {
    const { stream, call } = this.#stream(options);
    const response = this.#onlyMessage(stream);
    // An unhandled rejection would end the process if the caller never uses the response.
    response.catch(() => {});
    return { ...this.#requests(stream, call), response };
  }

  #requests(stream: MessageStream<unknown>, call: StreamCall): RequestStream<object> {
    return {
      send: async (request) => {
        const message = this.#encode(request);
        if (!stream.over && !call.send(message)) await stream.drained();
      },
      end: () => call.end(),
      cancel: () => call.cancel(),
    };
  }

  async #onlyMessage(stream: MessageStream<unknown>): Promise<unknown> {
    const first = await stream.next();
    const second = first.done ? first : await stream.next();
    if (!first.done && second.done) return first.value;
    await stream.return();
    const got = first.done ? "none" : "more";
    throw new GatewayError(Status.INTERNAL, `${this.#name}: expected exactly one response from the server, got ${got}`);
  }

  #stream(options: ClientCallOptions): { stream: MessageStream<unknown>; call: StreamCall } {
    const callOptions = this.#callOptions(options);
    let over = (): void => {};
    const stream = new MessageStream(
      (bytes) => this.#decode(bytes),
      () => over(),
    );
    if (options.signal?.aborted === true) {
      stream.onEnd(callCanceled(), NO_METADATA);
      return { stream, call: NO_CALL };
    }
    const call = this.#transport.stream(this.#method.path, callOptions, stream);
    stream.attach(call);
    over = onAbort(options.signal, () => call.cancel());
    return { stream, call };
  }

  #callOptions({ metadata, timeout }: ClientCallOptions): CallOptions {
    const checked = CALL_TIMEOUT.readArgument(timeout, "timeout");
    const ofCall = CLIENT_OPTIONS.metadata.readArgument(metadata, "metadata");
    return this.#rules.options(toMetadata({ ...this.#metadata, ...ofCall }), checked);
  }

  #encode(request: object): Buffer {
    try {
      this.#defaults ??= Object(this.#method.requestDeserialize(Buffer.alloc(0)));
      return this.#method.requestSerialize({ ...this.#defaults, ...request });
    } catch (cause) {
      throw new GatewayError(Status.INVALID_ARGUMENT, `${this.#name}: the request does not fit the message type`, {
        cause,
      });
    }
  }

  #decode(response: Buffer): unknown {
    try {
      return this.#method.responseDeserialize(response);
    } catch (cause) {
      throw new GatewayError(Status.INTERNAL, `${this.#name}: the response does not fit the message type`, { cause });
    }
  }
}

/** Used in place of a call if the signal was already aborted, so that no call was made. */
const NO_CALL: StreamCall = { send: () => true, end() {}, cancel() {}, pause() {}, resume() {} };

/** Calls back when the signal is aborted. Returns a function that removes the listener. */
function onAbort(signal: AbortSignal | undefined, abort: () => void): () => void {
  if (signal === undefined) return () => {};
  signal.addEventListener("abort", abort, { once: true });
  return () => signal.removeEventListener("abort", abort);
}

/**
 * Returns metadata as calls send it.
 *
 * @throws GatewayError `INVALID_ARGUMENT` if gRPC cannot send a key or a value
 */
export function toMetadata(init: MetadataInit): Metadata {
  const metadata = metadataEntries(init);
  for (const [key, value] of metadata) {
    const fits = key.endsWith("-bin") ? typeof value !== "string" : typeof value === "string" && isMetadataText(value);
    if (!isMetadataKey(key) || !fits) {
      throw new GatewayError(
        Status.INVALID_ARGUMENT,
        `invalid metadata ${JSON.stringify(key)}: gRPC cannot send this key or value`,
      );
    }
  }
  return metadata;
}
