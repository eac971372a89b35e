import type { IncomingMessage } from "node:http";
import { checkedMessage, forgetPromise, isThenable } from "../../call/app-result.js";
import type { Rpc } from "../../call/rpc.js";
import { checkedHeaders, checkedStatus, type HttpHeaders, withHeaders } from "../../transcode/headers/app-headers.js";
import {
  type HeaderName,
  MetadataHeaders,
  metadataName,
  trailerName,
} from "../../transcode/headers/metadata-headers.js";
import type { Metadata } from "../../transport/transport.js";
import { takesTrailers } from "./trailers.js";

/** A response with a message, before it is sent. For a stream, it is about the first message. */
export interface SuccessfulResponse<Req extends IncomingMessage = IncomingMessage> {
  readonly req: Req;
  /** The full name of the RPC, e.g. `etcdserverpb.KV.Range`. */
  readonly rpc: string;
  /** The response headers of the call. */
  readonly metadata: Metadata;
  /** The trailers of the call. They are empty if the response is a stream, because they come last. */
  readonly trailers: Metadata;
  /** The message, of the type that ts-proto generates. It is decoded when you first read it. */
  readonly message: object;
  /**
   * Decodes the message and returns it with its type, if the response belongs to this RPC, such as
   * `services.kv.rpcs.range`. Otherwise returns `undefined`.
   */
  messageOf<Message>(rpc: CalledRpc<Message>): Message | undefined;
}

/** The part of an RPC that {@link SuccessfulResponse.messageOf} needs. */
export interface CalledRpc<Message> {
  readonly name: string;
  readonly method: { responseDeserialize(bytes: Buffer): Message };
}

/** The status and headers that an app chooses for a response. Missing members are as they would be without the hook. */
export interface SuccessHead {
  readonly status?: number;
  /** Further headers. They replace the gateway's headers of the same names. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Returns the status and headers of a response with a message. `undefined` stands for 200 and no further headers. If it
 * throws a `GatewayError`, that error is sent instead of the message. If it throws anything else, the client gets a 500
 * without details.
 */
export type SuccessHook<Req extends IncomingMessage = IncomingMessage> = (
  response: SuccessfulResponse<Req>,
) => SuccessHead | undefined;

/** The status and headers of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HttpHeaders;
}

/** The functions of an app that change responses. */
export interface ResponseHooks {
  readonly success?: SuccessHook | undefined;
  readonly headerName?: HeaderName | undefined;
  readonly trailerName?: HeaderName | undefined;
}

/** The request that gets the response. */
export interface CalledRequest {
  readonly req: IncomingMessage;
  readonly route: { readonly rpc: Rpc };
}

/** Creates the heads and trailers of responses. */
export class ResponseHeads {
  readonly #success: SuccessHook | undefined;
  readonly #headers: MetadataHeaders;
  readonly #trailers: MetadataHeaders;
  /** The last head that was made without a hook. It can be reused, because most calls have no metadata. */
  #last: ResponseHead = { status: 200, headers: {} };

  constructor(hooks: ResponseHooks = {}) {
    this.#success = hooks.success;
    this.#headers = new MetadataHeaders(hooks.headerName ?? metadataName);
    this.#trailers = new MetadataHeaders(hooks.trailerName ?? trailerName);
  }

  /** Converts the response headers of a call to HTTP headers. */
  headers(metadata: Metadata): HttpHeaders {
    return this.#headers.of(metadata);
  }

  /**
   * Converts the trailers of a call to HTTP trailers. Returns `undefined` if there are none, or the client does not
   * accept them.
   */
  trailers(req: IncomingMessage, metadata: Metadata): HttpHeaders | undefined {
    if (!takesTrailers(req)) return undefined;
    const trailers = this.#trailers.of(metadata);
    return Object.keys(trailers).length === 0 ? undefined : trailers;
  }

  /**
   * Creates the head of a response with a message.
   *
   * @param metadata the response headers of the call
   * @param trailers the trailers of the call, as far as they have arrived
   * @param wire the message, as protobuf bytes
   * @throws the errors of the app's hook; TypeError if the hook returns something that cannot be sent
   */
  head(request: CalledRequest, metadata: Metadata, trailers: Metadata, wire: Buffer): ResponseHead {
    if (this.#success === undefined) return this.plain(metadata);
    const given: unknown = this.#success(new LazyResponse(request, metadata, trailers, wire));
    if (given === undefined || given === null) return this.plain(metadata);
    return checkedHead(given, this.#headers.of(metadata));
  }

  /** Creates the head of a response without asking the app's hook. */
  plain(metadata: Metadata): ResponseHead {
    const headers = this.#headers.of(metadata);
    if (headers !== this.#last.headers) this.#last = { status: 200, headers };
    return this.#last;
  }
}

function checkedHead(given: unknown, own: HttpHeaders): ResponseHead {
  forgetPromise(given);
  if (typeof given !== "object" || given === null || isThenable(given)) {
    throw new TypeError(
      "responses.success returned an invalid value: expected an object with status and headers, or undefined, and not a promise",
    );
  }
  const { status, headers }: { readonly status?: unknown; readonly headers?: unknown } = given;
  return {
    status: status === undefined ? 200 : checkedStatus(status),
    headers: headers === undefined ? own : withHeaders(own, checkedHeaders(headers)),
  };
}

class LazyResponse implements SuccessfulResponse {
  readonly req: IncomingMessage;
  readonly rpc: string;
  readonly metadata: Metadata;
  readonly trailers: Metadata;
  readonly #method: Rpc["method"];
  readonly #wire: Buffer;
  #message: object | undefined;

  constructor({ req, route: { rpc } }: CalledRequest, metadata: Metadata, trailers: Metadata, wire: Buffer) {
    this.req = req;
    this.rpc = rpc.name;
    this.metadata = metadata;
    this.trailers = trailers;
    this.#method = rpc.method;
    this.#wire = wire;
  }

  messageOf<Message>({ name, method }: CalledRpc<Message>): Message | undefined {
    return name === this.rpc ? method.responseDeserialize(this.#wire) : undefined;
  }

  get message(): object {
    this.#message ??= checkedMessage(this.#method.responseDeserialize(this.#wire), this.rpc);
    return this.#message;
  }
}
