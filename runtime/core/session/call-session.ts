import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { ResponseBody } from "../transcode/response-body.js";
import type { Metadata, StreamCall, StreamListener } from "../transport/transport.js";
import type { SessionRequest } from "./session-request.js";
import type { StreamEvents } from "./stream-events.js";
import type { MessageFraming } from "./stream-framing.js";
import { UnaryAsStream } from "./unary-as-stream.js";

/** The client's side of a session. */
export interface SessionClient {
  /**
   * Receives a response message: the body, which is framed if the RPC streams responses, and the protobuf bytes. If
   * this throws, the session fails.
   */
  onMessage(body: ResponseBody, wire: Buffer): void;
  /** The client may send requests again after {@link CallSession.send} has returned `false`. */
  onDrain(): void;
  /**
   * The session is over, with or without an error. Called once, as the last method, but not after
   * {@link CallSession.close}.
   */
  onEnd(error: GatewayError | undefined): void;
}

/**
 * Connects a client's JSON with a server's protobuf messages in one call, which begins with the first request message.
 * Both directions flow at the same time. The session does not depend on whether the client uses HTTP or WebSocket.
 */
export class CallSession implements StreamListener {
  readonly #request: SessionRequest;
  readonly #framing: MessageFraming;
  readonly #client: SessionClient;
  /** The events of the stream, if they have ids. Set this before the first request message. */
  events: StreamEvents | undefined;
  #call: StreamCall | undefined;
  #headers: Metadata = [];
  #trailers: Metadata = [];
  /** The response of an RPC that does not stream responses. It is sent when the call has ended without an error. */
  #single: { readonly body: ResponseBody; readonly wire: Buffer } | undefined;
  #over = false;

  constructor(request: SessionRequest, framing: MessageFraming, client: SessionClient) {
    this.#request = request;
    this.#framing = framing;
    this.#client = client;
  }

  /** Whether the call has begun. */
  get isCalled(): boolean {
    return this.#call !== undefined;
  }

  /** Whether the session is over. */
  get isOver(): boolean {
    return this.#over;
  }

  /** The response headers of the call. Empty until they arrive. */
  get headers(): Metadata {
    return this.#headers;
  }

  /** The trailers of the call. Empty until it ends. */
  get trailers(): Metadata {
    return this.#trailers;
  }

  /**
   * Sends a request message. Returns `false` if the client must wait for `onDrain` before the next one.
   *
   * @throws GatewayError if the message cannot be read. The session stays open until {@link CallSession.fail}
   */
  send(body: Buffer): boolean {
    const message = this.#requestMessage(body);
    return this.#begin().send(message);
  }

  /** Sends the only request message of an RPC that does not stream requests, or of a binding without a body. */
  sendOnly(body: Buffer): void {
    if (this.#over) return;
    try {
      const message = this.#requestMessage(body);
      const call = this.#begin();
      call.send(message);
      call.end();
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Ends the request messages.
   *
   * @throws GatewayError `INVALID_ARGUMENT` if there was none and the RPC streams responses: a server might never
   *   respond
   */
  end(): void {
    if (this.#call === undefined && this.#request.route.rpc.method.responseStream) {
      throw new GatewayError(Status.INVALID_ARGUMENT, "the request body has no message: send at least one JSON object");
    }
    this.#begin().end();
  }

  /** Pauses the server's messages until {@link CallSession.resume}. */
  pause(): void {
    this.#call?.pause();
  }

  resume(): void {
    this.#call?.resume();
  }

  /** Ends the session with an error. */
  fail(thrown: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const { context, req, record } = this.#request;
    const error = GatewayError.from(thrown);
    record?.fail(error);
    context.onError(error, req);
    this.#client.onEnd(error);
    this.#call?.cancel();
  }

  /** Ends the session and cancels the call, for example because the client has disconnected. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#call?.cancel();
  }

  onHeaders(headers: Metadata): void {
    this.#headers = headers;
  }

  onMessage(message: Buffer): void {
    if (this.#over) return;
    try {
      if (this.#request.route.rpc.method.responseStream) {
        this.#client.onMessage(this.#body(message, this.#prefix(message), this.#framing.suffix), message);
      } else {
        this.#single = { body: this.#body(message), wire: message };
      }
    } catch (error) {
      this.fail(error);
    }
  }

  onDrain(): void {
    if (!this.#over) this.#client.onDrain();
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    if (this.#over) return;
    this.#trailers = trailers;
    if (error !== undefined) {
      this.fail(error);
      return;
    }
    if (!this.#request.route.rpc.method.responseStream) {
      if (this.#single === undefined) {
        this.fail(new GatewayError(Status.INTERNAL, "the server ended the call without a response"));
        return;
      }
      try {
        this.#client.onMessage(this.#single.body, this.#single.wire);
      } catch (thrown) {
        this.fail(thrown);
        return;
      }
    }
    this.#over = true;
    this.#client.onEnd(undefined);
  }

  #body(message: Buffer, prefix?: string, suffix?: string): ResponseBody {
    const { context, req, route, record } = this.#request;
    const body = route.responseTranscoder.body(message, prefix, suffix);
    if (body.flaw !== undefined) context.onError(body.flaw, req);
    record?.responded(body.bytes.length);
    return body;
  }

  #requestMessage(body: Buffer): Uint8Array {
    this.#request.record?.requested(body.length);
    const wire = this.#request.route.requestTranscoder.wire(body, this.#request);
    if (this.events === undefined) return wire;
    const numbered: unknown = this.events.request(wire);
    if (numbered instanceof Uint8Array) return numbered;
    throw new TypeError(`streams.events: the function request of ${this.#request.route.rpc.name} returned no bytes`);
  }

  #begin(): StreamCall {
    if (this.#call === undefined) {
      const { context, req, route, record } = this.#request;
      const { requestStream, responseStream } = route.rpc.method;
      const isUnary = !requestStream && !responseStream;
      this.#call = isUnary
        ? new UnaryAsStream(this.#request, this)
        : context.caller.stream(route.rpc, req, this, record);
    }
    return this.#call;
  }

  #prefix(message: Buffer): string {
    const { prefix, id } = this.#framing;
    const eventId: unknown = this.events?.id(message);
    if (eventId !== undefined && (typeof eventId !== "string" || /[\r\n\0]/.test(eventId))) {
      throw new TypeError(
        `streams.events: the function id of ${this.#request.route.rpc.name} returned an id that is not a string on one line`,
      );
    }
    return id === undefined || eventId === undefined ? prefix : id(eventId) + prefix;
  }
}
