import type { HttpHeaders } from "../call/app-headers.js";
import type { GatewayError } from "../errors/gateway-error.js";
import { CallSession, type SessionClient } from "../session/call-session.js";
import { isOver, lastEventId } from "../session/server-sent-events.js";
import type { HeldBytes } from "../session/slow-readers.js";
import { resultLines, type StreamFraming } from "../session/stream-framing.js";
import { UNKNOWN_TYPE } from "../transcode/body/http-body.js";
import type { ResponseBody } from "../transcode/response-body.js";
import { readBody } from "./body/request-body.js";
import { RequestMessages } from "./body/request-messages.js";
import { keepConnection } from "./connection/long-connection.js";
import type { Exchange } from "./exchange.js";
import { holdAnswer } from "./held-answer.js";
import { sendError } from "./response/error-response.js";
import { cutResponse } from "./response/failed-response.js";
import { sendMessage, sendNothing } from "./response/message-response.js";
import type { ResponseHead } from "./response/response-heads.js";
import { ResponseStream } from "./response/response-stream.js";
import { requestedFraming } from "./route/requested-framing.js";

const NO_BODY = Buffer.alloc(0);

/**
 * Serves an rpc that streams on one side or both. The call begins with the first request message, which a request that
 * streams to the server must have, and both directions then flow at the same time, each at the pace of its reader.
 *
 * The response begins with its first message, so that an error before it has its HTTP status; a later error is the last
 * frame of the stream. What the gateway itself refuses before it calls is answered as on a unary rpc, and so is every error
 * of an rpc with one response. A framing with a
 * heartbeat begins the response with the first of them, if nothing else did.
 */
export class StreamExchange implements SessionClient {
  readonly #exchange: Exchange;
  readonly #framing: StreamFraming;
  readonly #session: CallSession;
  /** What the response begins with. */
  #opening: string;
  #hasPlace = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #requests: RequestMessages | undefined;
  #responses: ResponseStream | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    const { req, route } = exchange;
    const isFramed = route.rpc.method.responseStream && !route.response.raw;
    this.#framing = isFramed ? requestedFraming(req.headers.accept) : resultLines;
    this.#session = new CallSession(exchange, this.#framing, this);
    this.#opening = this.#framing.opening;
  }

  /** Serves the request. Never throws. */
  start(): void {
    const { req, res, route } = this.#exchange;
    res.on("close", () => this.#onClose());
    try {
      route.inFlight.enter();
      this.#hasPlace = true;
    } catch (error) {
      this.#session.fail(error);
      return;
    }
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
      // A client that has had no event of this stream would otherwise come back without an id.
      if (this.#session.events !== undefined && last !== undefined) this.#opening = idLine(last) + this.#opening;
    } catch (error) {
      this.#session.fail(error);
      return;
    }
    this.#readRequests();
  }

  #readRequests(): void {
    const { context, req, route } = this.#exchange;
    if (!route.request.readsBody) {
      this.#sendOnly(NO_BODY);
    } else if (route.rpc.method.requestStream) {
      this.#requests = new RequestMessages(req, context, route.request.raw, {
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
        route.request.raw,
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

  /** What a response with a message begins with. */
  #head(wire: Buffer): ResponseHead {
    const { headers, trailers } = this.#session;
    return this.#exchange.context.heads.head(this.#exchange, headers, trailers, wire);
  }

  /** What a response without any message yet begins with. */
  get #bareHead(): ResponseHead {
    return this.#exchange.context.heads.plain(this.#session.headers);
  }

  /** The trailers, if the client takes them. */
  get #trailers(): HttpHeaders | undefined {
    return this.#exchange.context.heads.trailers(this.#exchange.req, this.#session.trailers);
  }

  /** Ends the response to `HEAD`: that it has begun is all that it can tell. */
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

  /** @param rawType what the body is, if it is no frames */
  #openResponse(head: ResponseHead, rawType: string = UNKNOWN_TYPE): ResponseStream {
    const { res, route, context } = this.#exchange;
    const contentType = route.response.raw ? rawType : this.#framing.contentType;
    const hold = (): HeldBytes => holdAnswer(this.#exchange, res.writableLength);
    const responses = new ResponseStream(res, head, contentType, context.streamBuffer, this.#session, hold);
    this.#responses = responses;
    if (this.#opening !== "") responses.write(Buffer.from(this.#opening));
    return responses;
  }

  #sendError(error: GatewayError): void {
    const { context, req, res, route } = this.#exchange;
    const written = route.errors.write(error, req, this.#responses !== undefined);
    if (this.#responses !== undefined && route.response.raw) {
      // Bytes of any type have no place for an error.
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
    }
  }

  /** The response has ended, or the client is gone. */
  #onClose(): void {
    if (this.#hasPlace) this.#exchange.route.inFlight.leave();
    this.#hasPlace = false;
    this.#stop();
    this.#session.close();
  }

  #stop(): void {
    clearInterval(this.#heartbeat);
    this.#requests?.stop();
  }
}
