import { isIPv6 } from "node:net";
import type { Attempt, AttemptListener } from "../endpoints/attempt.js";
import { type Connection, NO_RESPONSE_YET, type Traffic } from "../endpoints/connection.js";
import { MOST_PATIENCE, RECONNECT, SHORT_WINDOW, STABLE_AFTER } from "../endpoints/connection-settings.js";
import type { ConnectorOptions } from "../endpoints/connector.js";
import type { Address } from "../endpoints/endpoint.js";
import { openSocket } from "../endpoints/socket.js";
import { DEFAULT_WINDOW_SIZE } from "../http2/frames/frame.js";
import type { SessionOptions } from "../http2/session/settings.js";
import type { Metadata } from "../transport.js";
import type { Addresses } from "./addresses.js";
import { LeanAttempt } from "./lean-attempt.js";
import { type Keepalive, Link, type LinkListener } from "./link.js";
import { longerPingInterval } from "./ping-interval.js";
import { RequestHeaders } from "./request-headers.js";

/** The largest headers or trailers of a response, in bytes. etcd sends a few hundred. */
const MAX_HEADER_LIST = 128 * 1024;

/** The shortest share of the time of an attempt to connect, in milliseconds. */
const LEAST_PATIENCE = 1_000;

const SESSION: Readonly<Record<Traffic, SessionOptions>> = {
  short: { streamWindow: SHORT_WINDOW, connectionWindow: SHORT_WINDOW, maxHeaderListSize: MAX_HEADER_LIST },
  long: { streamWindow: DEFAULT_WINDOW_SIZE, connectionWindow: SHORT_WINDOW, maxHeaderListSize: MAX_HEADER_LIST },
};

/** A connection over the lean channel, with its own sockets. */
export class LeanConnection implements Connection, LinkListener {
  readonly endpoint: number;
  calls = 0;
  heard = 0;
  ready = false;

  readonly #options: ConnectorOptions;
  readonly #addresses: Addresses;
  readonly #traffic: Traffic;
  readonly #onReady: () => void;
  readonly #headers: RequestHeaders;
  #keepalive: Keepalive;
  /** The link for new calls, or the one that is being established. */
  #link: Link | undefined;
  #patienceTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #patience: number;
  #pause: number = RECONNECT.first;
  #upSince = 0;
  /** The number of failed attempts and broken connections. */
  #failures = 0;
  #lastError: string = NO_RESPONSE_YET;
  #closed = false;

  constructor(options: ConnectorOptions, addresses: Addresses, traffic: Traffic, onReady: () => void) {
    this.endpoint = options.number;
    this.#options = options;
    this.#addresses = addresses;
    this.#traffic = traffic;
    this.#onReady = onReady;
    this.#keepalive = options.keepalive;
    this.#patience = options.connectTimeout;
    this.#headers = new RequestHeaders(options.tls === undefined ? "http" : "https", authorityOf(options.address));
    this.connect();
  }

  /** The server may change its limit of streams at any time. */
  get capacity(): number {
    // Short calls beyond the server's limit wait in a queue, but not for long.
    if (this.#traffic === "short") return Number.POSITIVE_INFINITY;
    const allowed = this.#link?.session.maxConcurrentStreams ?? 0;
    return Math.max(Math.min(this.#options.streams, allowed), 1);
  }

  connect(): void {
    if (this.#closed || this.#link !== undefined || this.#retryTimer !== undefined) return;
    const { address, tls } = this.#options;
    const lookup = this.#addresses.from(this.#failures, () => this.#limit(link));
    const link = new Link(openSocket(address, tls, lookup), SESSION[this.#traffic], this.#keepalive, this);
    this.#link = link;
    this.#limit(link);
  }

  explain(report: (reason: string) => void): void {
    report(this.#lastError);
  }

  check(): void {
    this.#link?.check();
  }

  start(path: string, metadata: Metadata, deadline: number | undefined, listener: AttemptListener): Attempt {
    const link = this.#link;
    if (link === undefined) throw new Error("the connection is not ready");
    const { session } = link;
    const attempt = new LeanAttempt(session, listener);
    session.open(attempt, this.#headers.encode(session.encoder, path, metadata, deadline));
    link.begin();
    return attempt;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.ready = false;
    clearTimeout(this.#patienceTimer);
    clearTimeout(this.#retryTimer);
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined) return;
    if (link.session.isOpen) link.end();
    else link.destroy("closed");
  }

  onReceived(): void {
    this.heard += 1;
  }

  onUp(link: Link): void {
    if (link !== this.#link) return;
    clearTimeout(this.#patienceTimer);
    this.#patience = this.#options.connectTimeout;
    this.#upSince = performance.now();
    this.onLimit(link);
  }

  /** If a server allows no calls at all, the connection is not ready until it allows some. */
  onLimit(link: Link): void {
    if (link !== this.#link) return;
    const wasReady = this.ready;
    this.ready = link.session.maxConcurrentStreams > 0;
    if (!this.ready) this.#lastError = "the server allows no calls (SETTINGS_MAX_CONCURRENT_STREAMS is 0)";
    else if (!wasReady) this.#onReady();
  }

  onDraining(link: Link, reason: string): void {
    if (link.wasPingedTooOften) {
      this.#keepalive = { ...this.#keepalive, interval: longerPingInterval(this.#keepalive.interval) };
    }
    // Its calls continue, and another link takes new calls.
    this.#leave(link, reason, !link.wasPingedTooOften);
  }

  onDown(link: Link, reason: string): void {
    this.#leave(link, reason, false);
  }

  /** Limits the time of an attempt to connect. If there are several addresses, they share the time. */
  #limit(link: Link): void {
    if (link !== this.#link || this.ready) return;
    const addresses = Math.max(this.#addresses.count, 1);
    const time = Math.max(this.#patience / addresses, Math.min(this.#patience, LEAST_PATIENCE));
    clearTimeout(this.#patienceTimer);
    this.#patienceTimer = setTimeout(() => {
      const isLast = (this.#failures + 1) % addresses === 0;
      if (isLast) this.#patience = Math.min(this.#patience * 2, MOST_PATIENCE);
      link.destroy(NO_RESPONSE_YET);
    }, time).unref();
  }

  #leave(link: Link, reason: string, isOrderly: boolean): void {
    if (link !== this.#link) return;
    const wasReady = this.ready;
    this.#link = undefined;
    this.ready = false;
    // The texts of OpenSSL end with line breaks.
    this.#lastError = reason.trim();
    clearTimeout(this.#patienceTimer);
    if (this.#closed) return;
    const lasted = performance.now() - this.#upSince;
    if (!isOrderly || !wasReady) this.#failures += 1;
    // Servers and proxies close a connection in an orderly way after some number of requests. If it has served any,
    // reconnect at once.
    const hasServed = lasted >= STABLE_AFTER || (isOrderly && link.session.hasResponded);
    if (wasReady && hasServed) {
      this.#pause = RECONNECT.first;
      queueMicrotask(() => this.connect());
    } else {
      // If a server accepts connections only to drop them, reconnect slowly.
      this.#retryLater();
    }
  }

  #retryLater(): void {
    const time = this.#pause * (1 + RECONNECT.jitter * (2 * Math.random() - 1));
    this.#pause = Math.min(this.#pause * RECONNECT.growth, RECONNECT.most);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.connect();
    }, time).unref();
  }
}

/** Returns the `:authority` of requests to an address. */
function authorityOf(address: Address): string {
  if ("path" in address) return "localhost";
  const { host, port } = address;
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
