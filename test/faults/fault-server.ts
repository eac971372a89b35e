import { once } from "node:events";
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { resetSocket } from "./reset.js";

/** Handles one call, or makes it fail. Can be async. If it throws, the stream is reset. */
export type FaultHandler = (call: FaultCall) => void | Promise<void>;

export interface FaultServerOptions {
  /** The address to listen on. The default is 127.0.0.1. */
  readonly host?: string;
  /** The port to listen on. The default is a free port. */
  readonly port?: number;
  /** The TLS options. Without it, the server does not use TLS. */
  readonly tls?: SecureServerOptions;
  /** The limit of concurrent streams per connection. Unlimited by default. */
  readonly maxConcurrentStreams?: number;
}

/**
 * A gRPC server that a test controls down to the frames of HTTP/2. Handlers are registered by path and receive bytes,
 * so no proto is needed:
 *
 *     const server = await startFaultServer();
 *     server.handle("/test.Echo/Unary", async (call) => call.answer(await call.request()));
 */
export interface FaultServer {
  /** `127.0.0.1:PORT`, or another host. */
  readonly endpoint: string;
  readonly port: number;
  /** Every call that reached the server, in order. */
  readonly calls: readonly FaultCall[];
  /** The open connections. */
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  /** Sets the handler of a path. Calls of a path without a handler end with UNIMPLEMENTED. */
  handle(path: string, handler: FaultHandler): void;
  /** Returns the number of calls of a path that have reached the server. */
  count(path: string): number;
  /** Resolves when this many calls of a path have reached the server. */
  reached(path: string, count: number): Promise<void>;
  /** Sends GOAWAY on all connections. It is graceful by default, so that calls in progress can finish. */
  goaway(code?: number): void;
  /** Closes all connections, and stops listening. */
  stop(): Promise<void>;
}

/** A call on the server. */
export class FaultCall {
  readonly path: string;
  /** The request headers. */
  readonly headers: IncomingHttpHeaders;
  readonly stream: ServerHttp2Stream;
  /** Resolves with the HTTP/2 error code when either side closes the stream. A client's cancel has the code 8. */
  readonly closed: Promise<number>;
  readonly #socket: Socket;
  #trailers: OutgoingHttpHeaders = {};

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, socket: Socket) {
    this.stream = stream;
    this.#socket = socket;
    this.headers = headers;
    this.path = headers[":path"] ?? "";
    stream.on("error", () => {});
    stream.on("wantTrailers", () => stream.sendTrailers(this.#trailers));
    this.closed = new Promise((resolve) => {
      stream.once("close", () => resolve(stream.rstCode));
    });
  }

  /** Yields the request messages as they arrive. Reading begins with the first iteration. */
  async *messages(): AsyncGenerator<Buffer, void> {
    let chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of this.stream) {
      chunks.push(chunk);
      length += chunk.length;
      while (length >= 5) {
        if ((chunks[0]?.length ?? 0) < 5) chunks = [Buffer.concat(chunks)];
        const end = 5 + (chunks[0]?.readUInt32BE(1) ?? 0);
        if (length < end) break;
        const bytes = Buffer.concat(chunks);
        yield bytes.subarray(5, end);
        chunks = [bytes.subarray(end)];
        length -= end;
      }
    }
  }

  /** Returns the single request message. Waits until the client ends its side. */
  async request(): Promise<Buffer> {
    let last: Buffer | undefined;
    for await (const message of this.messages()) last = message;
    if (last === undefined) throw new Error("no request message");
    return last;
  }

  /** Sends response headers. */
  accept(headers: OutgoingHttpHeaders = {}): void {
    this.stream.respond({ ":status": 200, "content-type": "application/grpc", ...headers }, { waitForTrailers: true });
  }

  /**
   * Sends a message, and before the first message the response headers. Returns `false` if the client does not keep up.
   */
  send(message: Uint8Array): boolean {
    if (!this.stream.headersSent) this.accept();
    return this.stream.write(frame(message));
  }

  /** Sends bytes that do not need to be a message. */
  sendRaw(bytes: Uint8Array): boolean {
    if (!this.stream.headersSent) this.accept();
    return this.stream.write(bytes);
  }

  /** Ends the call with a status and trailers. If no response headers were sent, headers and trailers are one frame. */
  end(code: number, message: string = "", trailers: OutgoingHttpHeaders = {}): void {
    const status = { "grpc-status": String(code), ...(message === "" ? {} : { "grpc-message": message }), ...trailers };
    if (this.stream.headersSent) {
      this.#trailers = status;
      this.stream.end();
    } else {
      this.stream.respond({ ":status": 200, "content-type": "application/grpc", ...status }, { endStream: true });
    }
  }

  /** Sends one message and the status OK. */
  answer(message: Uint8Array): void {
    this.send(message);
    this.end(0);
  }

  /** Calls a function when the client has read what was sent before: it responds to a ping in turn. */
  onceRead(then: () => void): void {
    // Otherwise the ping would be sent before what waits to be written.
    setImmediate(() => this.stream.session?.ping(then));
  }

  /** Responds like a web server without gRPC. */
  answerHttp(status: number, body: string, headers: OutgoingHttpHeaders = {}): void {
    this.stream.respond({ ":status": status, "content-type": "text/html", ...headers });
    this.stream.end(body);
  }

  /** Resets the stream. */
  reset(code: number = constants.NGHTTP2_INTERNAL_ERROR): void {
    this.stream.close(code);
  }

  /** Resets the TCP connection (RST), without an HTTP/2 frame. */
  cut(): void {
    resetSocket(this.#socket);
  }
}

/** Encodes a message as a gRPC frame: a compression flag, the length and the message. */
export function frame(message: Uint8Array, compressed: boolean = false): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed ? 1 : 0;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Starts a {@link FaultServer} on a loopback address. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const { host = "127.0.0.1" } = options;
  const settings =
    options.maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams: options.maxConcurrentStreams };
  // In MB. Above its default of 10, which a few large responses reach, node:http2 refuses streams.
  const maxSessionMemory = 1_000;
  const server: Http2Server =
    options.tls === undefined
      ? createServer({ settings, maxSessionMemory })
      : createSecureServer({ settings, maxSessionMemory, ...options.tls });
  const handlers = new Map<string, FaultHandler>();
  const sessions = new Set<ServerHttp2Session>();
  const calls: FaultCall[] = [];
  const arrivals = new Set<() => void>();
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  // node:http2 creates the session during the event for the socket, and hides most of the socket afterwards.
  let newest: Socket | undefined;
  server.prependListener(options.tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    newest = socket;
  });
  server.on("session", (session) => {
    const socket = newest;
    sessions.add(session);
    session.on("error", () => {});
    session.on("close", () => sessions.delete(session));
    session.on("stream", (stream, headers) => {
      if (socket !== undefined) receive(new FaultCall(stream, headers, socket));
    });
  });
  server.on("sessionError", () => {});
  const receive = (call: FaultCall): void => {
    calls.push(call);
    for (const arrival of arrivals) arrival();
    const handler = handlers.get(call.path) ?? ((unknown) => unknown.end(12, `unknown method ${unknown.path}`));
    Promise.resolve(call)
      .then(handler)
      .catch(() => call.reset());
  };
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const count = (path: string): number => calls.filter((call) => call.path === path).length;
  return {
    endpoint: `${host}:${port}`,
    port,
    calls,
    sessions,
    count,
    handle: (path, handler) => void handlers.set(path, handler),
    reached: (path, wanted) =>
      new Promise((resolve) => {
        const arrival = (): void => {
          if (count(path) < wanted) return;
          arrivals.delete(arrival);
          resolve();
        };
        arrivals.add(arrival);
        arrival();
      }),
    goaway: (code = constants.NGHTTP2_NO_ERROR) => {
      for (const session of sessions) {
        if (code === constants.NGHTTP2_NO_ERROR) session.close();
        else session.goaway(code);
      }
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      // Node.js sometimes leaves the socket under a TLS connection open, and the server then never closes.
      const impatience = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), 1_000);
      await closed;
      clearTimeout(impatience);
    },
  };
}
