import type { GatewayError } from "../errors/gateway-error.js";
import { CallSession, type SessionClient } from "../session/call-session.js";
import { rejectLater } from "../session/limit/delayed-rejection.js";
import { unreadBytes } from "../session/limit/slow-reader.js";
import type { HeldBytes } from "../session/limit/unread-responses.js";
import { isOver, lastEventId } from "../session/server-sent-events.js";
import { resultLines, type StreamFraming } from "../session/stream-framing.js";
import { UNKNOWN_TYPE } from "../transcode/body/http-body.js";
import type { HttpHeaders } from "../transcode/headers/app-headers.js";
import type { ResponseBody } from "../transcode/response-body.js";
import { NO_BODY, readBody } from "./body/request-body.js";
import { RequestMessages } from "./body/request-messages.js";
import { keepConnection } from "./connection/long-connection.js";
import type { Exchange } from "./exchange.js";
import { holdResponse, holdUnread } from "./held-response.js";
import { sendError } from "./response/error-response.js";
import { cutResponse } from "./response/failed-response.js";
import { sendMessage, sendNothing } from "./response/message-response.js";
import type { ResponseHead } from "./response/response-heads.js";
import { ResponseStream } from "./response/response-stream.js";
import { requestedFraming } from "./route/requested-framing.js";

/**
 * Serves an RPC that streams in one or both directions. The call begins with the first request message; an RPC
 * that streams responses needs at least one. Then both directions flow at the same time, each at its reader's pace.
 *
 * The response begins with its first message, so an error before that has its HTTP status. A later error is the last
 * frame of the stream. The gateway's own errors before the call are sent as for a unary RPC, and so are all errors of
 * an RPC with a single response. If the framing has a heartbeat, the first heartbeat begins the response, unless it has
 * already begun.
 */
export class StreamExchange implements SessionClient {
  readonly #exchange: Exchange;
  readonly #framing: StreamFraming;
  readonly #session: CallSession;
  /** The text at the start of the response body. */
  #opening: string;
  #hasPlace = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #requests: RequestMessages | undefined;
  #responses: ResponseStream | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    const { req, route } = exchange;
    const isFramed = route.rpc.method.responseStream && !route.responseTranscoder.raw;
    this.#framing = isFramed ? requestedFraming(req.headers.accept) : resultLines;
    this.#session = new CallSession(exchange, this.#framing, this);
    this.#opening = this.#framing.opening;
  }

  /** Serves the request. Never throws. */
  start(): void {
    const { req, res, route, record } = this.#exchange;
    res.on("close", () => this.#onClose());
    const overload = route.places.tryEnter();
    if (overload !== undefined) {
      rejectLater(record, overload, (error) => this.#session.fail(error));
      return;
    }
    this.#hasPlace = true;
    keepConnection(req, res);
    if (this.#framing.id === undefined) {
      this.#readRequests();
    } else if (isOver(lastEventId(req.headers))) {
      this.#session.close();
      sendNothing(req, res);
    } else {
      this.#numberEvents(this.#framing.id);
    }
  }

  #numberEvents(idLine: (id: string) => string): void {
    const { req, route } = this.#exchange;
    try {
      const last = lastEventId(req.headers);
      this.#session.events = route.numberEvents?.(last);
      // Otherwise a client that has received no event of this stream would return without an id.
      if (this.#session.events !== undefined && last !== undefined) this.#opening = idLine(last) + this.#opening;
    } catch (error) {
      this.#session.fail(error);
      return;
    }
    this.#readRequests();
  }

  #readRequests(): void {
    const { context, req, route } = this.#exchange;
    if (!route.requestTranscoder.readsBody) {
      this.#sendOnly(NO_BODY);
    } else if (route.rpc.method.requestStream) {
      this.#requests = new RequestMessages(req, context, route.requestTranscoder.raw, {
        onMessage: (body) => {
          const isReady = this.#session.send(body);
          this.#startHeartbeat();
          return isReady;
        },
        onEnd: () => this.#session.end(),
        onError: (error) => this.#session.fail(error),
      });
      this.#requests.start();
    } else {
      readBody(
        req,
        context,
        (body) => this.#sendOnly(body),
        (error) => this.#session.fail(error),
        route.requestTranscoder.raw,
      );
    }
  }

  #sendOnly(body: Buffer): void {
    this.#session.sendOnly(body);
    this.#startHeartbeat();
  }

  #startHeartbeat(): void {
    const { heartbeat } = this.#framing;
    const { heartbeatInterval } = this.#exchange.context;
    if (heartbeat === undefined || heartbeatInterval === 0) return;
    if (this.#heartbeat !== undefined || this.#session.isOver) return;
    const frame = Buffer.from(heartbeat);
    const beat = (): void => (this.#responses ?? this.#openResponse(this.#bareHead)).writeIfIdle(frame);
    this.#heartbeat = setInterval(beat, heartbeatInterval).unref();
  }

  onMessage({ contentType, bytes }: ResponseBody, wire: Buffer): void {
    if (this.#exchange.route.rpc.method.responseStream) {
      (this.#responses ?? this.#openResponse(this.#head(wire), contentType)).write(bytes);
      if (this.#exchange.req.method === "HEAD") this.#endHead();
      this.#heartbeat?.refresh();
    } else {
      sendMessage(this.#exchange.res, { contentType, bytes }, this.#head(wire), this.#trailers);
    }
  }

  /** Creates the head of a response with a message. */
  #head(wire: Buffer): ResponseHead {
    const { headers, trailers } = this.#session;
    return this.#exchange.context.heads.head(this.#exchange, headers, trailers, wire);
  }

  /** The head of a response that has no message yet. */
  get #bareHead(): ResponseHead {
    return this.#exchange.context.heads.plain(this.#session.headers);
  }

  /** The trailers, if there are any and the client accepts them. */
  get #trailers(): HttpHeaders | undefined {
    return this.#exchange.context.heads.trailers(this.#exchange.req, this.#session.trailers);
  }

  /** Ends the response to a `HEAD` request, which consists of the head only. */
  #endHead(): void {
    this.#stop();
    this.#responses?.end(this.#exchange.req, "");
    this.#session.close();
  }

  onDrain(): void {
    this.#requests?.resume();
  }

  onEnd(error: GatewayError | undefined): void {
    this.#stop();
    if (error !== undefined) {
      this.#sendError(error);
    } else if (this.#exchange.route.rpc.method.responseStream) {
      const responses = this.#responses ?? this.#openResponse(this.#bareHead);
      responses.end(this.#exchange.req, this.#framing.ending, this.#trailers);
    }
  }

  /** @param rawType the content type if the body has no frames */
  #openResponse(head: ResponseHead, rawType: string = UNKNOWN_TYPE): ResponseStream {
    const { req, res, route, context } = this.#exchange;
    const contentType = route.responseTranscoder.raw ? rawType : this.#framing.contentType;
    const hold = (): HeldBytes => holdResponse(this.#exchange, unreadBytes(req.socket, res.writableLength));
    const responses = new ResponseStream(res, head, contentType, context.streamBuffer, this.#session, hold);
    this.#responses = responses;
    if (this.#opening !== "") responses.write(Buffer.from(this.#opening));
    return responses;
  }

  #sendError(error: GatewayError): void {
    const { context, req, res, route } = this.#exchange;
    const written = route.errors.write(error, req, this.#responses !== undefined);
    if (this.#responses !== undefined && route.responseTranscoder.raw) {
      // A body of raw bytes has no place for an error.
      cutResponse(res);
    } else if (this.#responses !== undefined) {
      this.#responses.end(req, this.#framing.error(written), this.#trailers);
    } else {
      const isOfStream = route.rpc.method.responseStream && this.#session.isCalled;
      const body = isOfStream
        ? { contentType: "application/json", text: this.#framing.errorBody(written) }
        : written.body();
      const headers = context.heads.headers(this.#session.headers);
      sendError(req, res, written, { body, headers, trailers: this.#trailers });
      holdUnread(this.#exchange);
    }
  }

  /** The response has ended, or the client has disconnected. */
  #onClose(): void {
    if (this.#hasPlace) this.#exchange.route.places.leave();
    this.#hasPlace = false;
    this.#stop();
    this.#session.close();
  }

  #stop(): void {
    clearInterval(this.#heartbeat);
    this.#requests?.stop();
  }
}
