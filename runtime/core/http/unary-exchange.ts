import { GatewayError } from "../errors/gateway-error.js";
import { rejectLater } from "../session/limit/delayed-rejection.js";
import type { HttpHeaders } from "../transcode/headers/app-headers.js";
import type { Call, Metadata, UnaryListener } from "../transport/transport.js";
import { NO_BODY, readBody } from "./body/request-body.js";
import { keepConnection } from "./connection/long-connection.js";
import type { Exchange } from "./exchange.js";
import { holdResponse, holdUnread } from "./held-response.js";
import { sendError } from "./response/error-response.js";
import { cutResponse } from "./response/failed-response.js";
import { sendMessage } from "./response/message-response.js";
import type { ResponseHead } from "./response/response-heads.js";
import { sendSlices, takesSlices } from "./response/send-slices.js";

/** Messages of at least this size, in bytes of protobuf, are encoded and sent in slices. */
const SLICED_FROM = 1024 * 1024;

/**
 * Serves a unary RPC: reads the body, makes the call, and sends the response. If the client disconnects, the call is
 * canceled.
 */
export class UnaryExchange implements UnaryListener {
  readonly #exchange: Exchange;
  #call: Call | undefined;
  #hasPlace = false;
  #over = false;
  /** Whether this exchange is sending a response in slices. */
  #isSliced = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Serves the request. Never throws. */
  start(): void {
    const { context, req, res, route } = this.#exchange;
    res.on("close", () => this.#onClose());
    if (route.isLong) keepConnection(req, res);
    if (!route.requestTranscoder.readsBody) {
      this.#onBody(NO_BODY);
      return;
    }
    const overload = route.places.check();
    if (overload !== undefined) {
      this.#reject(overload);
      return;
    }
    readBody(
      req,
      context,
      (body) => this.#onBody(body),
      (error) => this.#fail(error),
      route.requestTranscoder.raw,
    );
  }

  #onBody(body: Buffer): void {
    // The app may have responded while the body arrived.
    if (this.#over) return;
    const { context, req, route, record } = this.#exchange;
    // Not earlier: slow uploads would take the places of other requests.
    const overload = route.places.tryEnter();
    if (overload !== undefined) {
      this.#reject(overload);
      return;
    }
    this.#hasPlace = true;
    try {
      record?.requested(body.length);
      const message = route.requestTranscoder.wire(body, this.#exchange);
      this.#call = context.caller.unary(route.rpc, message, req, this, record);
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    if (this.#over) return;
    // A place is for the time that the server needs, not for the time that the client needs to read.
    this.#leave();
    try {
      const { context, req, res, route, record } = this.#exchange;
      const { heads } = context;
      const head = heads.head(this.#exchange, headers, trailers, message);
      const httpTrailers = heads.trailers(req, trailers);
      if (message.length >= SLICED_FROM && this.#respondInSlices(message, head, httpTrailers)) return;
      const body = route.responseTranscoder.body(message);
      if (body.flaw !== undefined) context.onError(body.flaw, req);
      this.#over = true;
      record?.responded(body.bytes.length);
      sendMessage(res, body, head, httpTrailers);
      holdUnread(this.#exchange);
    } catch (error) {
      this.#fail(error);
    }
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    this.#fail(error, headers, trailers);
  }

  #reject(overload: GatewayError): void {
    rejectLater(this.#exchange.record, overload, (error) => this.#fail(error));
  }

  /**
   * Begins to send a large message in slices. Its bytes count as held until the client has received all of it. Returns
   * `false` if the message must be sent as a whole.
   */
  #respondInSlices(message: Buffer, head: ResponseHead, trailers: HttpHeaders | undefined): boolean {
    const { context, req, res, route, record } = this.#exchange;
    if (route.responseTranscoder.slices === undefined || !takesSlices(req) || res.headersSent) return false;
    this.#call = undefined;
    this.#isSliced = true;
    const held = holdResponse(this.#exchange, message.length);
    res.on("close", () => held.release());
    const body = route.responseTranscoder.slices(message, (flaw) => context.onError(flaw, req));
    record?.responded(0);
    sendSlices(res, body, head, trailers, {
      onSlice: (bytes) => record?.responded(bytes, 0),
      onError: (error) => this.#fail(error),
    });
    return true;
  }

  /**
   * @param headers the response headers of the call
   * @param trailers the trailers of the call
   */
  #fail(thrown: unknown, headers: Metadata = [], trailers: Metadata = []): void {
    if (this.#over) return;
    this.#finish();
    this.#sendError(GatewayError.from(thrown), headers, trailers);
  }

  #sendError(error: GatewayError, headers: Metadata, trailers: Metadata): void {
    const { context, req, res, route, record } = this.#exchange;
    const { heads } = context;
    record?.fail(error);
    context.onError(error, req);
    // The middle of a body has no place for an error.
    if (this.#isSliced && res.headersSent) cutResponse(res);
    else {
      const parts = { headers: heads.headers(headers), trailers: heads.trailers(req, trailers) };
      sendError(req, res, route.errors.write(error, req), parts);
      holdUnread(this.#exchange);
    }
  }

  /** The response has ended, or the client has disconnected. */
  #onClose(): void {
    if (this.#over) return;
    this.#finish();
    this.#call?.cancel();
  }

  #finish(): void {
    this.#over = true;
    this.#leave();
  }

  #leave(): void {
    if (!this.#hasPlace) return;
    this.#hasPlace = false;
    this.#exchange.route.places.leave();
  }
}
