import type { IncomingMessage } from "node:http";
import type { WebSocket, WebSocketServer } from "ws";
import { GatewayError } from "../errors/gateway-error.js";
import { shuttingDown } from "../errors/rejection.js";
import { Status } from "../errors/status.js";
import { KEEP_ALIVE } from "../http/connection/long-connection.js";
import type { Exchange } from "../http/exchange.js";
import type { SocketOpener } from "../http/gateway-router.js";
import { sendError } from "../http/response/error-response.js";
import { lazyModule } from "../modules/lazy-module.js";
import { rejectLater } from "../session/limit/delayed-rejection.js";
import { authorizationOf, bearerProtocol } from "./bearer-token.js";
import { CLOSE_TIMEOUT } from "./close-frame.js";
import { type Handshake, handshakeOf } from "./handshake.js";
import { ping } from "./pings.js";
import { SocketExchange } from "./socket-exchange.js";

/** The most pieces of a frame that ws holds. Each takes some hundred bytes in addition to its data. */
const MOST_PIECES = 16 * 1024;

/** Loads ws when the first client needs it: few gateways do. */
const loadWs = lazyModule("ws", () => import("ws"));

/** The WebSockets of a gateway, from their handshake to their end. */
export class Sockets implements SocketOpener {
  readonly #frameLimit: number;
  readonly #open = new Map<WebSocket, SocketExchange>();
  #server: WebSocketServer | undefined;
  #draining = false;

  /** @param frameLimit the longest message of a client, in bytes */
  constructor(frameLimit: number) {
    this.#frameLimit = frameLimit;
  }

  isHandshake(req: IncomingMessage): boolean {
    return handshakeOf(req) !== undefined;
  }

  accept(exchange: Exchange): void {
    const handshake = handshakeOf(exchange.req);
    if (handshake === undefined) return;
    this.#webSocketServer()
      .then((server) => this.#upgrade(server, handshake, exchange))
      .catch((thrown: unknown) => reject(exchange, GatewayError.from(thrown)));
  }

  async #webSocketServer(): Promise<WebSocketServer> {
    const { WebSocketServer } = await loadWs();
    this.#server ??= new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // The cost of decompression is up to the sender, and compression needs memory for each socket.
      perMessageDeflate: false,
      maxPayload: this.#frameLimit,
      maxBufferedChunks: MOST_PIECES,
      handleProtocols: (protocols) => bearerProtocol(protocols) ?? false,
    });
    return this.#server;
  }

  #upgrade(server: WebSocketServer, handshake: Handshake, exchange: Exchange): void {
    const { context, req, record } = exchange;
    if (this.#draining) {
      reject(exchange, shuttingDown());
      return;
    }
    const overload = context.streams.tryEnter();
    if (overload !== undefined) {
      rejectLater(record, overload, (error) => reject(exchange, error));
      return;
    }
    const authorization = authorizationOf(req.headers);
    if (authorization !== undefined) req.headers.authorization = authorization;
    const onRejected = ({ message }: Error): void => reject(exchange, handshakeError(req, message));
    server.once("wsClientError", onRejected);
    let isUpgraded = false;
    try {
      server.handleUpgrade(req, handshake.stream, handshake.head, (socket) => {
        socket.on("close", () => context.streams.leave());
        isUpgraded = true;
        this.#serve(socket, handshake, exchange);
      });
    } finally {
      server.off("wsClientError", onRejected);
      if (!isUpgraded) context.streams.leave();
    }
  }

  #serve(socket: WebSocket, { stream, pingInterval }: Handshake, exchange: Exchange): void {
    const { res, record } = exchange;
    res.detachSocket(stream);
    const socketExchange = new SocketExchange(exchange, socket, stream);
    this.#open.set(socket, socketExchange);
    socket.on("close", () => {
      this.#open.delete(socket);
      record?.end(socketExchange.isComplete, 101);
    });
    stream.setKeepAlive(true, KEEP_ALIVE);
    ping(socket, stream, pingInterval);
    socketExchange.start();
    // The connection was paused while earlier requests were in progress.
    stream.resume();
  }

  /** Rejects new sockets, and ends the sockets whose call has not begun. */
  drain(): void {
    this.#draining = true;
    for (const socketExchange of this.#open.values()) socketExchange.failUncalled(shuttingDown());
  }

  /**
   * Waits until the clients have closed the ended sockets too. Terminates the sockets of clients that take too long.
   */
  async close(): Promise<void> {
    const sockets = [...this.#open.keys()];
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, CLOSE_TIMEOUT);
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on("close", resolve))));
    clearTimeout(cut);
  }
}

/** Returns the error for a handshake that ws rejects. */
function handshakeError({ method, headers }: IncomingMessage, message: string): GatewayError {
  if (method !== "GET") {
    const options = { httpStatus: 405, headers: { Allow: "GET" } };
    return new GatewayError(Status.UNIMPLEMENTED, "a WebSocket handshake must be a GET request", options);
  }
  if (headers["sec-websocket-version"] !== "13") {
    const options = { httpStatus: 426, headers: { "Sec-WebSocket-Version": "13", Upgrade: "websocket" } };
    return new GatewayError(Status.INVALID_ARGUMENT, "Sec-WebSocket-Version must be 13", options);
  }
  return new GatewayError(Status.INVALID_ARGUMENT, message);
}

function reject({ context, req, res, route, record }: Exchange, error: GatewayError): void {
  record?.fail(error);
  context.onError(error, req);
  sendError(req, res, route.errors.write(error, req));
}
