import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { GatewayError } from "../errors/gateway-error.js";
import { bodyTimedOut } from "../http/body/body-timer.js";
import { NO_BODY } from "../http/body/request-body.js";
import type { Exchange } from "../http/exchange.js";
import { Backpressure } from "../session/backpressure.js";
import { CallSession, type SessionClient } from "../session/call-session.js";
import { unreadBytes } from "../session/limit/slow-reader.js";
import { type MessageFraming, resultLines } from "../session/stream-framing.js";
import type { ResponseBody } from "../transcode/response-body.js";
import { CLOSE_OK, CLOSE_TIMEOUT, closeCodeOf, closeReason } from "./close-frame.js";
import { countIncompleteMessage } from "./incomplete-message.js";
import { type SocketRequests, socketRequests } from "./socket-requests.js";

/** The framing of grpc-websocket-proxy: the result lines of HTTP without line breaks. */
const resultFrames: MessageFraming = { prefix: resultLines.prefix, suffix: resultLines.suffix.trimEnd() };

/**
 * Serves one call on a WebSocket, of any kind of RPC. Each response message is a text frame, or a binary frame if the
 * RPC returns raw bytes. An error is a text frame. Then the socket is closed with a code that says how the call ended.
 *
 * @see https://github.com/tmc/grpc-websocket-proxy
 */
export class SocketExchange implements SessionClient {
  readonly #exchange: Exchange;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #session: CallSession;
  readonly #backpressure: Backpressure;
  readonly #requests: SocketRequests;
  /** Ends a socket that sends no request, because it would hold its place without a call. */
  #timer: NodeJS.Timeout | undefined;
  #isComplete = false;

  /** @param stream the connection of the socket */
  constructor(exchange: Exchange, socket: WebSocket, stream: Duplex) {
    const { route, context } = exchange;
    this.#exchange = exchange;
    this.#socket = socket;
    this.#stream = stream;
    this.#session = new CallSession(exchange, resultFrames, this);
    this.#backpressure = new Backpressure(this.#session, context.streamBuffer, () =>
      context.unreadResponses.hold(stream, unreadBytes(stream, stream.writableLength), (reason) => {
        exchange.record?.fail(reason);
        context.onError(reason, exchange.req);
        socket.terminate();
      }),
    );
    const request = context.incompleteRequests.begin((reason) => this.#reject(reason));
    this.#requests = socketRequests(route, this.#session, {
      limit: context.bodyLimit,
      request,
      source: socket,
    });
    countIncompleteMessage(socket, stream, request);
  }

  /** Whether the call ended by itself, not because its socket closed. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Serves the socket. Never throws. */
  start(): void {
    this.#socket.on("message", (data) => this.#onFrame(data));
    this.#socket.on("close", () => {
      clearTimeout(this.#timer);
      this.#session.close();
      this.#requests.drop();
      this.#backpressure.close();
    });
    // The close code that follows says what is wrong: 1002 for an invalid frame, 1009 for one that is too large.
    this.#socket.on("error", () => this.#session.close());
    this.#stream.on("drain", () => this.#backpressure.resume());
    const { route, context } = this.#exchange;
    if (!route.requestTranscoder.readsBody) {
      this.#session.sendOnly(NO_BODY);
    } else {
      const { bodyTimeout } = context;
      this.#timer = setTimeout(() => this.failUncalled(bodyTimedOut(bodyTimeout)), bodyTimeout);
    }
  }

  /** Ends the session with an error, if its call has not begun. */
  failUncalled(error: GatewayError): void {
    if (!this.#session.isCalled) this.#session.fail(error);
  }

  #onFrame(data: RawData): void {
    // ws can deliver other types, but by default servers get this one.
    if (this.#session.isOver || !Buffer.isBuffer(data)) return;
    try {
      this.#requests.take(data);
      if (this.#session.isCalled) clearTimeout(this.#timer);
    } catch (error) {
      this.#session.fail(error);
    }
  }

  /** Rejects a message that is incomplete or waits. ws holds what has arrived until the socket is closed. */
  #reject(reason: GatewayError): void {
    this.#session.fail(reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT);
  }

  onMessage({ bytes }: ResponseBody): void {
    this.#backpressure.count(bytes.length);
    this.#socket.send(bytes, { binary: this.#exchange.route.responseTranscoder.raw });
    if (this.#stream.writableNeedDrain) this.#backpressure.pause();
  }

  onDrain(): void {
    this.#requests.resume();
  }

  onEnd(error: GatewayError | undefined): void {
    this.#isComplete = true;
    // This also resumes the socket, so that the client's close frame is read.
    this.#requests.drop();
    if (error === undefined) {
      this.#close(CLOSE_OK);
    } else {
      this.#socket.send(this.#errorText(error));
      this.#close(closeCodeOf(error), closeReason(error.message));
    }
  }

  /**
   * Closes the socket after the client has read what was written. Once closing has begun, there is little time for
   * that.
   */
  #close(code: number, reason?: Buffer): void {
    const close = (): void => this.#socket.close(code, reason);
    if (this.#stream.writableNeedDrain) this.#stream.once("drain", close);
    else close();
  }

  /**
   * Returns the text of an error, as over HTTP: a frame of a response stream if the call has begun, a whole body
   * otherwise.
   */
  #errorText(error: GatewayError): string {
    const { req, route } = this.#exchange;
    const written = route.errors.write(error, req, true);
    return route.rpc.method.responseStream && this.#session.isCalled ? written.streamText : written.text;
  }
}
