import { responseHeaders } from "../call/response-headers.js";
import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";
import type { Metadata, StreamCall, StreamListener } from "../transport/transport.js";
import { endResponse } from "./early-response.js";
import { sendError } from "./error-response.js";
import type { Exchange } from "./exchange.js";
import { type ResponseBody, sendMessage, sendNothing } from "./message-response.js";
import { readBody } from "./request-body.js";
import { RequestMessages } from "./request-messages.js";
import { requestedFraming } from "./requested-framing.js";
import { ResponseStream } from "./response-stream.js";
import { isOver, lastEventId } from "./server-sent-events.js";
import type { StreamEvents } from "./stream-events.js";
import { resultLines, type StreamFraming } from "./stream-framing.js";
import { UNKNOWN_TYPE } from "./transcode/http-body.js";

const NO_BODY = Buffer.alloc(0);

/**
 * Serves an rpc that streams on one side or both. The call begins with the first request message, which a request that
 * streams to the server must have, and both directions then flow at the same time, each at the pace of its reader.
 *
 * The response begins with its first message, so that an error before it has its HTTP status; a later error is the last
 * frame of the stream. What the gateway itself refuses before it calls is answered as on a unary rpc. A framing with a
 * heartbeat begins the response with the first of them, if nothing else did.
 */
export class StreamExchange implements StreamListener {
  readonly #exchange: Exchange;
  readonly #framing: StreamFraming;
  /** The events of the stream, where they have ids. */
  #events: StreamEvents | undefined;
  /** What the response begins with. */
  #opening: string;
  #heartbeat: NodeJS.Timeout | undefined;
  #call: StreamCall | undefined;
  #requests: RequestMessages | undefined;
  #responses: ResponseStream | undefined;
  #headers: Metadata = [];
  /** The one response of an rpc that streams requests only: it waits for the call to end well. */
  #single: ResponseBody | undefined;
  #over = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    const { req, route } = exchange;
    const isFramed = route.rpc.method.responseStream && !route.response.raw;
    this.#framing = isFramed ? requestedFraming(req.headers.accept) : resultLines;
    this.#opening = this.#framing.opening;
  }

  /** Serves the request. Never throws. */
  start(): void {
    const { req, res } = this.#exchange;
    res.on("close", () => this.#onClose());
    if (this.#framing.id === undefined) {
      this.#readRequests();
    } else if (isOver(lastEventId(req.headers))) {
      this.#finish();
      sendNothing(req, res);
    } else {
      this.#numberEvents(this.#framing.id);
    }
  }

  #numberEvents(idLine: (id: string) => string): void {
    const { req, route } = this.#exchange;
    try {
      const last = lastEventId(req.headers);
      this.#events = route.numberEvents?.(last);
      // A client that has had no event of this stream would otherwise come back without an id.
      if (this.#events !== undefined && last !== undefined) this.#opening = idLine(last) + this.#opening;
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#readRequests();
  }

  #readRequests(): void {
    const { station, req, route } = this.#exchange;
    if (!route.request.readsBody) {
      this.#sendOnly(NO_BODY);
    } else if (route.rpc.method.requestStream) {
      this.#requests = new RequestMessages(req, station.bodyLimit, route.request.raw, {
        onMessage: (body) => {
          const message = this.#requestMessage(body);
          return this.#begin().send(message);
        },
        onEnd: () => this.#endRequests(),
        onError: (error) => this.#fail(error),
      });
      this.#requests.start();
    } else {
      readBody(
        req,
        station,
        (body) => this.#sendOnly(body),
        (error) => this.#fail(error),
        route.request.raw,
      );
    }
  }

  /** Sends the one request of an rpc that streams responses only, or of a binding without a body. */
  #sendOnly(body: Buffer): void {
    try {
      const message = this.#requestMessage(body);
      const call = this.#begin();
      call.send(message);
      call.end();
    } catch (error) {
      this.#fail(error);
    }
  }

  #requestMessage(body: Buffer): Uint8Array {
    const wire = this.#exchange.route.request.wire(body, this.#exchange);
    return this.#events?.request(wire) ?? wire;
  }

  #begin(): StreamCall {
    if (this.#call === undefined) {
      const { station, req, route } = this.#exchange;
      this.#call = station.caller.stream(route.rpc, req, this);
      this.#startHeartbeat();
    }
    return this.#call;
  }

  #startHeartbeat(): void {
    const { heartbeat } = this.#framing;
    const { heartbeatInterval } = this.#exchange.station;
    if (heartbeat === undefined || heartbeatInterval === 0) return;
    const frame = Buffer.from(heartbeat);
    const beat = (): void => this.#openResponse().writeIfIdle(frame);
    this.#heartbeat = setInterval(beat, heartbeatInterval).unref();
  }

  /** @throws GatewayError `INVALID_ARGUMENT` if there was no message, to which a server may never answer */
  #endRequests(): void {
    if (this.#call === undefined && this.#exchange.route.rpc.method.responseStream) {
      throw new GatewayError(Status.INVALID_ARGUMENT, "the request body has no message: send at least one JSON object");
    }
    this.#begin().end();
  }

  onHeaders(headers: Metadata): void {
    this.#headers = headers;
  }

  onMessage(message: Buffer): void {
    if (this.#over) return;
    const { rpc, response } = this.#exchange.route;
    try {
      if (rpc.method.responseStream) {
        const { contentType, bytes } = response.body(message, this.#prefix(message), this.#framing.suffix);
        this.#openResponse(contentType).write(bytes);
        this.#heartbeat?.refresh();
      } else {
        this.#single = response.body(message);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #prefix(message: Buffer): string {
    const { prefix, id } = this.#framing;
    const eventId = this.#events?.id(message);
    return id === undefined || eventId === undefined ? prefix : id(eventId) + prefix;
  }

  onDrain(): void {
    this.#requests?.resume();
  }

  onEnd(error: GatewayError | undefined): void {
    if (this.#over) return;
    if (error !== undefined) {
      this.#fail(error);
    } else if (this.#exchange.route.rpc.method.responseStream) {
      this.#openResponse().flush(this.#framing.ending);
      this.#finish();
      endResponse(this.#exchange.req, this.#exchange.res);
    } else if (this.#single === undefined) {
      this.#fail(new GatewayError(Status.INTERNAL, "the server ended the call without a response"));
    } else {
      sendMessage(this.#exchange.res, this.#single, responseHeaders(this.#headers));
      this.#finish();
    }
  }

  /** @param rawType what the body is, if it is no frames */
  #openResponse(rawType: string = UNKNOWN_TYPE): ResponseStream {
    if (this.#responses === undefined) {
      const { res, route, station } = this.#exchange;
      const contentType = route.response.raw ? rawType : this.#framing.contentType;
      this.#responses = new ResponseStream(res, responseHeaders(this.#headers), contentType, station.streamBuffer, {
        pause: () => this.#call?.pause(),
        resume: () => this.#call?.resume(),
      });
      if (this.#opening !== "") this.#responses.write(Buffer.from(this.#opening));
    }
    return this.#responses;
  }

  #fail(thrown: unknown): void {
    if (this.#over) return;
    this.#finish();
    const { station, req, res, route } = this.#exchange;
    const { errors } = route.dialect;
    const error = GatewayError.from(thrown);
    station.onError(error, req);
    if (this.#responses !== undefined && route.response.raw) {
      // Bytes of any type have no place for an error: all that tells it is that they do not end.
      res.destroy();
    } else if (this.#responses !== undefined) {
      this.#responses.flush(this.#framing.error(error, errors));
      endResponse(req, res);
    } else {
      const text = this.#call === undefined ? errors.body(error) : this.#framing.refusal(error, errors);
      const body = { contentType: "application/json", text };
      sendError(req, res, error, errors, { body, headers: responseHeaders(this.#headers) });
    }
    this.#call?.cancel();
  }

  /** The response has ended, or the client is gone. */
  #onClose(): void {
    if (this.#over) return;
    this.#finish();
    this.#call?.cancel();
  }

  #finish(): void {
    this.#over = true;
    clearInterval(this.#heartbeat);
    this.#requests?.stop();
  }
}
