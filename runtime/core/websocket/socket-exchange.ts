import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import type { GatewayError } from "../errors/gateway-error.js";
import { bodyTimedOut } from "../http/body/request-body.js";
import type { Exchange } from "../http/exchange.js";
import { Backpressure } from "../session/backpressure.js";
import { CallSession, type SessionClient } from "../session/call-session.js";
import type { MessageFraming } from "../session/stream-framing.js";
import type { ResponseBody } from "../transcode/response-body.js";
import { CLOSE_OK, closeCodeOf, closeReason } from "./close-frame.js";
import { socketRequests, type TakeFrame } from "./socket-requests.js";

const NO_BODY = Buffer.alloc(0);

/** The frames of grpc-websocket-proxy: the result lines of HTTP without the line breaks. */
const resultFrames: MessageFraming = { prefix: '{"result":', suffix: "}" };

/**
 * Serves one call of an rpc of any kind on a WebSocket. Each response message is a text frame, and so is an error; then
 * the socket is closed with a code that says how the call ended.
 *
 * @see https://github.com/tmc/grpc-websocket-proxy
 */
export class SocketExchange implements SessionClient {
  readonly #request: Exchange;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #session: CallSession;
  readonly #backpressure: Backpressure;
  readonly #takeFrame: TakeFrame;
  /** Ends a socket without a request, which would hold its place without a call. */
  #timer: NodeJS.Timeout | undefined;
  #isComplete = false;

  /** @param stream the connection that the socket is on */
  constructor(request: Exchange, socket: WebSocket, stream: Duplex) {
    const { route, context } = request;
    this.#request = request;
    this.#socket = socket;
    this.#stream = stream;
    this.#session = new CallSession(request, resultFrames, this);
    this.#backpressure = new Backpressure(this.#session, context.streamBuffer, () =>
      context.slowReaders.hold(stream, stream.writableLength, (reason) => {
        request.record?.fail(reason);
        context.onError(reason, request.req);
        socket.terminate();
      }),
    );
    this.#takeFrame = socketRequests(route, this.#session, context.bodyLimit, () => socket.pause());
  }

  /** Whether the call has come to its own end, rather than to that of its socket. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Serves the socket. Never throws. */
  start(): void {
    this.#socket.on("message", (data) => this.#onFrame(data));
    this.#socket.on("close", () => {
      clearTimeout(this.#timer);
      this.#session.close();
      this.#backpressure.close();
    });
    // What is wrong is said by the close code that follows: 1002 for a bad frame, 1009 for one too big.
    this.#socket.on("error", () => this.#session.close());
    this.#stream.on("drain", () => this.#backpressure.release());
    const { route, context } = this.#request;
    if (!route.request.readsBody) {
      this.#session.sendOnly(NO_BODY);
    } else {
      const { bodyTimeout } = context;
      this.#timer = setTimeout(() => this.failUncalled(bodyTimedOut(bodyTimeout)), bodyTimeout);
    }
  }

  /** Ends a socket on which no call is under way. */
  failUncalled(error: GatewayError): void {
    if (!this.#session.isCalled) this.#session.fail(error);
  }

  #onFrame(data: RawData): void {
    // Of the types that there can be, this is the one that servers get by default.
    if (this.#session.isOver || !Buffer.isBuffer(data)) return;
    try {
      this.#takeFrame(data);
      if (this.#session.isCalled) clearTimeout(this.#timer);
    } catch (error) {
      this.#session.fail(error);
    }
  }

  onMessage({ bytes }: ResponseBody): void {
    this.#backpressure.count(bytes.length);
    this.#socket.send(bytes, { binary: this.#request.route.response.raw });
    if (this.#stream.writableNeedDrain) this.#backpressure.hold();
  }

  onDrain(): void {
    this.#socket.resume();
  }

  onEnd(error: GatewayError | undefined): void {
    this.#isComplete = true;
    // The client's close frame is to be read.
    this.#socket.resume();
    if (error === undefined) {
      this.#close(CLOSE_OK);
    } else {
      this.#socket.send(this.#errorText(error));
      this.#close(closeCodeOf(error), closeReason(error.message));
    }
  }

  /** Closes the socket when the client has read what was written: from then on it has little time. */
  #close(code: number, reason?: Buffer): void {
    const close = (): void => this.#socket.close(code, reason);
    if (this.#stream.writableNeedDrain) this.#stream.once("drain", close);
    else close();
  }

  /** The error as HTTP has it: in a stream of responses, if the call has begun, and as a whole body otherwise. */
  #errorText(error: GatewayError): string {
    const { req, route } = this.#request;
    const written = route.errors.write(error, req, true);
    return route.rpc.method.responseStream && this.#session.isCalled ? written.streamText : written.text;
  }
}
