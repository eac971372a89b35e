import type { IncomingMessage } from "node:http";
import { checkedHeaders, checkedStatus, type HttpHeaders, withHeaders } from "../../call/app-headers.js";
import { checkedMessage, forgetPromise, isThenable } from "../../call/app-result.js";
import { type HeaderName, MetadataHeaders, metadataName, trailerName } from "../../call/response-headers.js";
import type { Rpc } from "../../call/rpc.js";
import type { Metadata } from "../../transport/transport.js";
import { takesTrailers } from "./trailers.js";

/** A response with a message, before it is sent; of a stream of responses, its first message. */
export interface SuccessfulResponse<Req extends IncomingMessage = IncomingMessage> {
  readonly req: Req;
  /** The full name of the rpc, e.g. `etcdserverpb.KV.Range`. */
  readonly rpc: string;
  /** The response headers of the call. */
  readonly metadata: Metadata;
  /** Its trailers; none yet if the response is a stream. */
  readonly trailers: Metadata;
  /** The message, of the type that ts-proto has made for it. It is decoded when it is first asked for. */
  readonly message: object;
  /** The message with its type, if the response is one of this rpc, such as `services.kv.rpcs.range`. Decodes it. */
  messageOf<Message>(rpc: AnsweredRpc<Message>): Message | undefined;
}

/** What {@link SuccessfulResponse.messageOf} needs of an rpc. */
export interface AnsweredRpc<Message> {
  readonly name: string;
  readonly method: { responseDeserialize(bytes: Buffer): Message };
}

/** What begins a response, as an app wants it. What it leaves out is as it would be otherwise. */
export interface SuccessHead {
  readonly status?: number;
  /** Further headers; they replace the gateway's own of the same names. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Gives status and headers of a response with a message; `undefined`: 200, and no further headers. A `GatewayError` that
 * it throws is answered in the message's place, anything else as a 500 that tells clients nothing.
 */
export type SuccessHook<Req extends IncomingMessage = IncomingMessage> = (
  response: SuccessfulResponse<Req>,
) => SuccessHead | undefined;

/** What begins a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HttpHeaders;
}

/** What an app says of responses. */
export interface ResponseHooks {
  readonly success?: SuccessHook | undefined;
  readonly headerName?: HeaderName | undefined;
  readonly trailerName?: HeaderName | undefined;
}

/** The request that is answered. */
export interface AnsweredRequest {
  readonly req: IncomingMessage;
  readonly route: { readonly rpc: Rpc };
}

/** Makes the heads of responses, and their trailers. */
export class ResponseHeads {
  readonly #success: SuccessHook | undefined;
  readonly #headers: MetadataHeaders;
  readonly #trailers: MetadataHeaders;
  /** The head that was made last without a hook: most calls have no metadata. */
  #last: ResponseHead = { status: 200, headers: {} };

  constructor(hooks: ResponseHooks = {}) {
    this.#success = hooks.success;
    this.#headers = new MetadataHeaders(hooks.headerName ?? metadataName);
    this.#trailers = new MetadataHeaders(hooks.trailerName ?? trailerName);
  }

  /** The HTTP headers of a call's response headers. */
  headers(metadata: Metadata): HttpHeaders {
    return this.#headers.of(metadata);
  }

  /** The HTTP trailers of a call's, if the client of a request takes any; `undefined`: none. */
  trailers(req: IncomingMessage, metadata: Metadata): HttpHeaders | undefined {
    if (!takesTrailers(req)) return undefined;
    const trailers = this.#trailers.of(metadata);
    return Object.keys(trailers).length === 0 ? undefined : trailers;
  }

  /**
   * The head of a response with a message.
   *
   * @param metadata the response headers of the call
   * @param trailers its trailers, as far as they have come
   * @param wire the message
   * @throws what the app's hook throws; TypeError if it gives what cannot be sent
   */
  head(request: AnsweredRequest, metadata: Metadata, trailers: Metadata, wire: Buffer): ResponseHead {
    if (this.#success === undefined) return this.plain(metadata);
    const given: unknown = this.#success(new LazyResponse(request, metadata, trailers, wire));
    if (given === undefined || given === null) return this.plain(metadata);
    return checkedHead(given, this.#headers.of(metadata));
  }

  /** The head of a response that no hook is asked about. */
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
      "responses.success must return an object with status and headers, or undefined, and no promise",
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

  constructor({ req, route: { rpc } }: AnsweredRequest, metadata: Metadata, trailers: Metadata, wire: Buffer) {
    this.req = req;
    this.rpc = rpc.name;
    this.metadata = metadata;
    this.trailers = trailers;
    this.#method = rpc.method;
    this.#wire = wire;
  }

  messageOf<Message>({ name, method }: AnsweredRpc<Message>): Message | undefined {
    return name === this.rpc ? method.responseDeserialize(this.#wire) : undefined;
  }

  get message(): object {
    this.#message ??= checkedMessage(this.#method.responseDeserialize(this.#wire), this.rpc);
    return this.#message;
  }
}
