import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { ErrorCode } from "../http2/frames/error-code.js";
import { Session } from "../http2/session/http2-session.js";
import type { SessionListener } from "../http2/session/session-listener.js";
import type { SessionOptions } from "../http2/session/settings.js";

/** Receives the events of a {@link Link}. */
export interface LinkListener {
  /** Data has arrived from the server. */
  onReceived(): void;
  /** The link is ready for calls. */
  onUp(link: Link): void;
  /** The server has changed the number of calls that it allows at the same time. */
  onLimit(link: Link): void;
  /** The link accepts no new calls. Its calls continue. */
  onDraining(link: Link, reason: string): void;
  /** The link has ended. */
  onDown(link: Link, reason: string): void;
}

/** The pings of a link. Times are in milliseconds. */
export interface Keepalive {
  readonly interval: number;
  readonly timeout: number;
}

/** The GOAWAY text of a server that was pinged too often. */
const TOO_MANY_PINGS = "too_many_pings";

/** The beginning of an HTTP/1 response. */
const HTTP_1 = Buffer.from("HTTP/1.", "latin1");

/** A socket and the HTTP/2 session on it, from the attempt to connect to the end. */
export class Link implements SessionListener {
  readonly session: Session;
  /** Whether the server has complained about too many pings. */
  wasPingedTooOften = false;
  readonly #socket: Socket;
  readonly #listener: LinkListener;
  readonly #keepalive: Keepalive;
  #flush: NodeJS.Immediate | undefined;
  #pinger: NodeJS.Timeout | undefined;
  #pingTimer: NodeJS.Timeout | undefined;
  /** Whether to send a ping as soon as there is a call again. */
  #isPingDue = false;
  /** Whether anything has arrived since the last ping, except its acknowledgement. */
  #hasHeard = false;
  #isReferenced = false;
  #isBlocked = false;
  #isUp = false;
  #isDown = false;
  #error: Error | undefined;

  constructor(socket: Socket, options: SessionOptions, keepalive: Keepalive, listener: LinkListener) {
    this.#socket = socket;
    this.#keepalive = keepalive;
    this.#listener = listener;
    this.session = new Session(options, this);
    socket.unref();
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => this.#drained());
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => this.#close());
    if (socket instanceof TLSSocket) socket.once("secureConnect", () => this.#checkProtocol(socket));
    this.onOutput();
  }

  /** Prepares the link for a call that has begun. */
  begin(): void {
    if (!this.#isReferenced) {
      this.#isReferenced = true;
      this.#socket.ref();
    }
    if (this.#isPingDue) this.#ping();
  }

  /** Stops accepting calls. The link ends when its calls have ended. */
  end(): void {
    this.session.drain();
  }

  /** Ends the link at once. */
  destroy(reason: string): void {
    this.session.lose(new Error(reason));
    this.#socket.destroy();
  }

  /**
   * Pings at once, if there are calls. A server written in Go, such as etcd, counts pings that arrive earlier than its
   * limit allows, but resets the count when it sends a response. One ping after each response is therefore free.
   */
  check(): void {
    if (this.session.streamCount > 0 && this.#hasHeard) this.#ping();
  }

  onOutput(): void {
    this.#flush ??= setImmediate(flush, this);
  }

  onReady(): void {
    this.#isUp = true;
    this.#pinger = setInterval(() => this.#pingInTime(), this.#keepalive.interval).unref();
    this.#listener.onUp(this);
  }

  onLimit(): void {
    this.#listener.onLimit(this);
  }

  onPong(): void {
    this.#hasHeard = false;
    clearTimeout(this.#pingTimer);
    this.#pingTimer = undefined;
  }

  onDraining(reason: string, code: number, debug: string): void {
    if (code === ErrorCode.ENHANCE_YOUR_CALM && debug === TOO_MANY_PINGS) this.wasPingedTooOften = true;
    this.#listener.onDraining(this, reason);
  }

  onIdle(): void {
    this.#isReferenced = false;
    this.#socket.unref();
    if (!this.session.isOpen) this.#finish();
  }

  onClosed(reason: Error): void {
    this.#down(reason.message);
    this.#finish();
  }

  /** Writes all output at once. */
  flush(): void {
    this.#flush = undefined;
    const chunks = this.session.take();
    if (chunks.length === 0 || this.#socket.destroyed) return;
    if (chunks.length > 1) this.#socket.cork();
    let isTaken = true;
    for (const chunk of chunks) isTaken = this.#socket.write(chunk);
    if (chunks.length > 1) this.#socket.uncork();
    if (isTaken || this.#isBlocked) return;
    this.#isBlocked = true;
    this.session.setBlocked(true);
  }

  #receive(chunk: Buffer): void {
    this.#hasHeard = true;
    this.#listener.onReceived();
    if (this.#isUp || !chunk.subarray(0, 7).equals(HTTP_1)) this.session.receive(chunk);
    else this.#socket.destroy(new Error("the server speaks HTTP/1.1, not HTTP/2"));
  }

  #drained(): void {
    this.#isBlocked = false;
    this.session.setBlocked(false);
  }

  /** Refuses a server that has chosen another protocol by ALPN. */
  #checkProtocol(socket: TLSSocket): void {
    const chosen = socket.alpnProtocol;
    if (typeof chosen !== "string" || chosen === "h2") return;
    socket.destroy(new Error(`the server speaks ${chosen}, not HTTP/2 (h2)`));
  }

  #pingInTime(): void {
    if (this.session.streamCount > 0) this.#ping();
    else this.#isPingDue = true;
  }

  #ping(): void {
    this.#isPingDue = false;
    if (this.#pingTimer !== undefined) return;
    this.#hasHeard = false;
    this.#pinger?.refresh();
    this.session.ping();
    const { timeout } = this.#keepalive;
    this.#pingTimer = setTimeout(() => this.destroy(`no response to a ping within ${timeout} ms`), timeout).unref();
  }

  /** Writes the remaining output, and then ends the socket. */
  #finish(): void {
    if (this.#socket.destroyed) return;
    this.flush();
    this.#socket.end();
    // Do not wait for a server that does not end its side.
    this.#socket.unref();
    setTimeout(() => this.#socket.destroy(), LINGER).unref();
  }

  #close(): void {
    const reason = this.#error ?? new Error("the server closed the connection");
    this.session.lose(reason);
    this.#down(reason.message);
    clearImmediate(this.#flush);
  }

  #down(reason: string): void {
    if (this.#isDown) return;
    this.#isDown = true;
    clearInterval(this.#pinger);
    clearTimeout(this.#pingTimer);
    this.#listener.onDown(this, describe(this.#error) ?? reason);
  }
}

/** How long a socket may stay open after its end was written, in milliseconds. */
const LINGER = 1_000;

function flush(link: Link): void {
  link.flush();
}

/** Returns the text of a socket's error. An error for several addresses has no text, but each of its errors has one. */
function describe(error: Error | undefined): string | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join(", ");
}
