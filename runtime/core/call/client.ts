import { callCanceled } from "../errors/context-errors.js";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { isRecord } from "../options/is-record.js";
import type { Checked, OptionTable } from "../options/option.js";
import { group, readOptions } from "../options/option-group.js";
import { hasMethods, instance, recordOf } from "../options/option-kinds.js";
import { isMetadataKey, isMetadataText, NO_METADATA } from "../transport/metadata.js";
import type { CallOptions, Metadata, StreamCall, Transport } from "../transport/transport.js";
import { CALL_TIMEOUT, CALL_TIMEOUTS, type CallTimeouts, IDEMPOTENT, isService } from "./call-options.js";
import { CallRules } from "./call-rules.js";
import { MessageStream } from "./message-stream.js";
import { type MetadataInit, metadataEntries } from "./metadata/metadata-init.js";
import type { Method, Rpc, Service } from "./rpc.js";

/** The options of {@link createClient}. */
export interface ClientOptions {
  /**
   * Metadata of every call.
   *
   * @defaultValue {}
   */
  readonly metadata?: MetadataInit;
  /** How long calls may take. */
  readonly timeouts?: CallTimeouts;
  /**
   * Full names of RPCs that change nothing. If a connection breaks, their calls may be sent again.
   *
   * @defaultValue []
   */
  readonly idempotent?: readonly string[];
}

/** The checked options of a client. */
interface ClientSettings extends Omit<Checked<ClientOptions>, "timeouts"> {
  readonly timeouts: Checked<CallTimeouts>;
}

/** The table of the options of {@link createClient}. */
export const CLIENT_OPTIONS: OptionTable<ClientSettings> = {
  metadata: instance<MetadataInit>(
    { text: "metadata of every call", type: "object", expected: "an object with a string for each key", secret: true },
    isRecord,
  ).or({}),
  timeouts: group("how long calls may take", CALL_TIMEOUTS),
  idempotent: IDEMPOTENT,
};

const SERVICES = recordOf(
  { text: "the services", expected: "an object with services from generated code" },
  instance<Service>({ text: "a service", type: "service", expected: "a service from generated code" }, isService),
).required();

const TRANSPORT = instance<Transport>(
  { text: "carries the calls", type: "Transport", expected: "a transport, such as that of grpcTransport" },
  (given) => hasMethods(given, "unary", "stream"),
).required();

/** The options of one call. */
export interface ClientCallOptions {
  /** Metadata of this call. Its keys replace those of the client's metadata; the client's other keys are kept. */
  readonly metadata?: MetadataInit;
  /** The time limit of this call, in milliseconds, instead of the client's; 0 for no limit. */
  readonly timeout?: number;
  /** Cancels the call when it is aborted. If it is already aborted, no call is made. */
  readonly signal?: AbortSignal;
}

/** A stream of requests. */
export interface RequestStream<Request> {
  /**
   * Sends a message. Resolves when there is room for the next one; if you wait for it, memory use stays flat. Does
   * nothing after the call has ended. The receiving side reports how it ended.
   */
  send(request: Partial<Request>): Promise<void>;
  /** Ends the requests. No message may follow. */
  end(): void;
  /** Cancels the call. */
  cancel(): void;
}

/** A call in which both sides stream. It starts at once. Read the responses with `for await`. */
export interface BidiStream<Request, Response> extends RequestStream<Request>, AsyncIterable<Response, undefined> {}

/** A call in which the client streams. */
export interface ClientStream<Request, Response> extends RequestStream<Request> {
  /** The only response. */
  readonly response: Promise<Response>;
}

/** The function that calls an RPC. Omitted fields of a request have their default values. */
export type RpcClient<R> = R extends {
  readonly method: {
    readonly requestStream: infer In;
    readonly responseStream: infer Out;
    requestSerialize(value: infer Request): Buffer;
    responseDeserialize(bytes: Buffer): infer Response;
  };
}
  ? [In, Out] extends [false, false]
    ? (request: Partial<Request>, options?: ClientCallOptions) => Promise<Response>
    : [In, Out] extends [false, true]
      ? (request: Partial<Request>, options?: ClientCallOptions) => AsyncIterableIterator<Response, undefined>
      : [In, Out] extends [true, false]
        ? (options?: ClientCallOptions) => ClientStream<Request, Response>
        : [In, Out] extends [true, true]
          ? (options?: ClientCallOptions) => BidiStream<Request, Response>
          : never
  : never;

/** A function for each RPC of a service. */
export type ServiceClient<S extends Service> = { readonly [Name in keyof S["rpcs"]]: RpcClient<S["rpcs"][Name]> };

/** A {@link ServiceClient} for each service. */
export type Client<Services extends Readonly<Record<string, Service>>> = {
  readonly [Name in keyof Services]: ServiceClient<Services[Name]>;
};

/**
 * Creates a typed client for services that generated code exports:
 *
 *     const client = createClient({ kv, watch }, grpcTransport({ endpoints: ["127.0.0.1:2379"] }));
 *     const { kvs } = await client.kv.range({ key: Buffer.from("foo") });
 *     const watching = client.watch.watch();
 *     await watching.send({ create_request: WatchCreateRequest.create({ key: Buffer.from("foo") }) });
 *     for await (const { events } of watching) console.log(events);
 *
 * A call that fails rejects with a `GatewayError`.
 *
 * @throws GatewayError `INVALID_ARGUMENT` if the metadata cannot be sent
 * @throws TypeError for an invalid option, with its path, its value and what it must be
 */
export function createClient<const Services extends Readonly<Record<string, Service>>>(
  services: Services,
  transport: Transport,
  options: ClientOptions = {},
): Client<Services> {
  const checked = SERVICES.readArgument(services, "services");
  TRANSPORT.readArgument(transport, "transport");
  const settings = readOptions(CLIENT_OPTIONS, options, "createClient");
  toMetadata(settings.metadata);
  const client = Object.fromEntries(
    Object.entries(checked).map(([name, service]) => [
      name,
      Object.fromEntries(
        Object.entries(service.rpcs).map(([rpcName, rpc]) => [rpcName, rpcClient(rpc, transport, settings)]),
      ),
    ]),
  );
  // TypeScript loses the types in Object.fromEntries. test/core/call/client.test.ts checks the type of each kind of
  // RPC.
  return client as Client<Services>;
}

function rpcClient(rpc: Rpc, transport: Transport, settings: ClientSettings): unknown {
  const calls = new RpcCalls(rpc, transport, settings);
  if (rpc.method.requestStream) {
    return rpc.method.responseStream
      ? (each?: ClientCallOptions) => calls.bidi(each ?? {})
      : (each?: ClientCallOptions) => calls.clientStream(each ?? {});
  }
  return rpc.method.responseStream
    ? (request: object, each?: ClientCallOptions) => calls.serverStream(request, each ?? {})
    : (request: object, each?: ClientCallOptions) => calls.unary(request, each ?? {});
}

/** The calls of one RPC, with messages of any type. */
class RpcCalls {
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

function toMetadata(init: MetadataInit): Metadata {
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
