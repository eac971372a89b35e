import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { ErrorCode } from "../http2/frames/error-code.js";
import { Session } from "../http2/session/session.js";
import type { SessionListener } from "../http2/session/session-listener.js";
import type { SessionOptions } from "../http2/session/settings.js";

/** What a {@link Link} tells. */
export interface LinkListener {
  /** Something has come from the server. */
  onReceived(): void;
  /** It is ready for calls. */
  onUp(link: Link): void;
  /** The server has changed how many calls it allows at a time. */
  onLimit(link: Link): void;
  /** It takes no more calls; those under way go on. */
  onDraining(link: Link, reason: string): void;
  /** It is gone. */
  onDown(link: Link, reason: string): void;
}

/** The pings of a link. Times are in milliseconds. */
export interface Keepalive {
  readonly interval: number;
  readonly timeout: number;
}

/** The text by which a server says that it was pinged too often. */
const TOO_MANY_PINGS = "too_many_pings";

/** What an answer of HTTP/1 begins with. */
const HTTP_1 = Buffer.from("HTTP/1.", "latin1");

/** One socket and the HTTP/2 session on it, from the attempt to connect to the end. */
export class Link implements SessionListener {
  readonly session: Session;
  /** Whether the server has complained of pings. */
  wasPingedTooOften = false;
  readonly #socket: Socket;
  readonly #listener: LinkListener;
  readonly #keepalive: Keepalive;
  #flush: NodeJS.Immediate | undefined;
  #pinger: NodeJS.Timeout | undefined;
  #pingTimer: NodeJS.Timeout | undefined;
  /** Whether a ping is due as soon as there is a call again. */
  #isPingDue = false;
  /** Whether anything has come since the last ping but its answer. */
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

  /** Says that a call has begun. */
  begin(): void {
    if (!this.#isReferenced) {
      this.#isReferenced = true;
      this.#socket.ref();
    }
    if (this.#isPingDue) this.#ping();
  }

  /** Takes no more calls, and ends when those under way are over. */
  end(): void {
    this.session.drain();
  }

  /** Ends at once. */
  destroy(reason: string): void {
    this.session.lose(new Error(reason));
    this.#socket.destroy();
  }

  /**
   * Pings at once, if there are calls. A server written in Go, as etcd is, counts pings that come sooner than its limit
   * allows, but forgets them when it sends an answer: one ping is free after each.
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

  /** Writes what there is, in one go. */
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
    this.#pingTimer = setTimeout(() => this.destroy(`no answer to a ping within ${timeout} ms`), timeout).unref();
  }

  /** Lets what is written go out, and then the socket. */
  #finish(): void {
    if (this.#socket.destroyed) return;
    this.flush();
    this.#socket.end();
    // A server that does not end its side in turn shall not keep the socket.
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

/** How long a socket whose end was written may stay, in milliseconds. */
const LINGER = 1_000;

function flush(link: Link): void {
  link.flush();
}

/** The text of a socket's error; that of several addresses is empty, and each of them has its own. */
function describe(error: Error | undefined): string | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join(", ");
}
