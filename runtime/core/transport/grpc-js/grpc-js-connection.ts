import type { Channel } from "@grpc/grpc-js";
import { formatGrpcTimeout } from "../call/format-grpc-timeout.js";
import type { Attempt, AttemptListener } from "../endpoints/attempt.js";
import { type Connection, NO_RESPONSE_YET } from "../endpoints/connection.js";
import { MOST_PATIENCE, STABLE_AFTER } from "../endpoints/connection-settings.js";
import type { Metadata } from "../transport.js";
import { detailsOf } from "./call-status.js";
import { GrpcJsAttempt } from "./grpc-js-attempt.js";
import { addToGrpcMetadata } from "./grpc-js-metadata.js";
import { type Library, library } from "./library.js";

/** The time between two checks of a connection that is not ready, in milliseconds. */
const TEND_INTERVAL = 250;

/** The options of a {@link GrpcJsConnection}. */
export interface GrpcJsConnectionOptions {
  readonly endpoint: number;
  /**
   * Creates a channel that does not share its HTTP/2 session. Called again if an attempt to connect does not succeed.
   */
  readonly open: (library: Library) => Channel;
  /** The time limit of the first attempt to connect, in milliseconds. */
  readonly patience: number;
  /**
   * Returns the largest number of calls. Called each time that the channel is connected, because the server may be
   * another one. Never fails.
   */
  readonly capacity: () => Promise<number>;
  /** Called each time that the connection becomes ready. */
  readonly onReady: () => void;
}

/** A connection over a grpc-js channel. */
export class GrpcJsConnection implements Connection {
  readonly endpoint: number;
  calls = 0;
  heard = 0;
  capacity = 0;
  ready = false;

  readonly #options: GrpcJsConnectionOptions;
  #library: Library | undefined;
  #channel: Channel | undefined;
  #loadError: unknown;
  #tender: NodeJS.Timeout | undefined;
  #patience: number;
  /** When the attempt to connect began, or the channel was connected. */
  #changedAt = 0;
  /** Whether the channel is connected. Its capacity may not be known yet. */
  #up = false;
  #closed = false;

  constructor(options: GrpcJsConnectionOptions) {
    this.endpoint = options.endpoint;
    this.#options = options;
    this.#patience = options.patience;
    this.#load();
  }

  connect(): void {
    if (this.#loadError !== undefined) this.#load();
    if (this.#up || this.#closed || this.#channel === undefined) return;
    this.#tender ??= setInterval(() => this.#tend(), TEND_INTERVAL).unref();
    this.#channel.getConnectivityState(true);
  }

  explain(report: (reason: string) => void): void {
    if (this.#loadError !== undefined) {
      report(`cannot load @grpc/grpc-js: ${String(this.#loadError)}`);
      return;
    }
    const failed = this.#library?.connectivityState.TRANSIENT_FAILURE;
    if (this.#closed || this.#channel?.getConnectivityState(false) !== failed || this.#library === undefined) {
      report(NO_RESPONSE_YET);
      return;
    }
    // grpc-js reports its last connection error only to a call. In this state a call fails before anything is sent.
    const call = this.#channel?.createCall("/", Number.POSITIVE_INFINITY, null, null, null);
    call?.start(new this.#library.Metadata(), {
      onReceiveMetadata() {},
      onReceiveMessage() {},
      onReceiveStatus: (status) => report(detailsOf(status)),
    });
  }

  /** Does nothing: grpc-js does not support pings on demand. */
  check(): void {}

  start(path: string, metadata: Metadata, deadline: number | undefined, listener: AttemptListener): Attempt {
    const channel = this.#channel;
    if (channel === undefined || this.#library === undefined) throw new Error("the connection is not ready");
    const headers = new this.#library.Metadata();
    addToGrpcMetadata(headers, metadata);
    // As the deadline of the call itself, it would need a timer for each call.
    if (deadline !== undefined) headers.set("grpc-timeout", formatGrpcTimeout(deadline));
    const call = channel.createCall(path, Number.POSITIVE_INFINITY, null, null, null);
    return new GrpcJsAttempt(call, headers, listener, this);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#up = false;
    this.ready = false;
    clearInterval(this.#tender);
    this.#channel?.close();
  }

  #load(): void {
    this.#loadError = undefined;
    library().then(
      (loaded) => this.#begin(loaded),
      (error: unknown) => {
        this.#loadError = error;
      },
    );
  }

  #begin(loaded: Library): void {
    this.#library = loaded;
    if (this.#closed) return;
    this.#changedAt = performance.now();
    this.#renew(loaded);
    this.connect();
  }

  #renew(loaded: Library): void {
    this.#channel = this.#options.open(loaded);
    this.#watch(this.#channel, loaded);
  }

  #watch(channel: Channel, loaded: Library): void {
    const state = channel.getConnectivityState(false);
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => {
      if (this.#closed || channel !== this.#channel) return;
      this.#watch(channel, loaded);
      this.#changed(channel.getConnectivityState(false) === loaded.connectivityState.READY);
    });
  }

  #changed(up: boolean): void {
    // While grpc-js waits for a name server, it changes between states without a connection all the time. The time limit
    // of the attempt must not begin again each time.
    if (up === this.#up) return;
    const now = performance.now();
    const lasted = now - this.#changedAt;
    this.#changedAt = now;
    this.#up = up;
    this.ready = false;
    if (up) {
      this.heard += 1;
      this.#patience = this.#options.patience;
      clearInterval(this.#tender);
      this.#tender = undefined;
      this.#measure(now);
    } else if (lasted >= STABLE_AFTER) {
      queueMicrotask(() => this.connect());
    } else {
      // If a server accepts connections only to drop them, reconnect slowly.
      this.#tender ??= setInterval(() => this.#tend(), TEND_INTERVAL).unref();
    }
  }

  /** Becomes ready when the capacity is known, unless the channel has changed in the meantime. */
  async #measure(upSince: number): Promise<void> {
    const capacity = await this.#options.capacity();
    if (this.#closed || this.#changedAt !== upSince) return;
    this.capacity = capacity;
    this.ready = true;
    this.#options.onReady();
  }

  #tend(): void {
    if (this.#channel === undefined || this.#library === undefined) return;
    const state = this.#channel.getConnectivityState(true);
    if (performance.now() - this.#changedAt < this.#patience) return;
    // grpc-js does not limit an attempt: if it gets no response on TCP, TLS or HTTP/2, it would continue for ever.
    // After a failed attempt, the channel's state does not tell whether the next attempts got no response or failed at
    // once.
    const { CONNECTING } = this.#library.connectivityState;
    if (state === CONNECTING) this.#patience = Math.min(this.#patience * 2, MOST_PATIENCE);
    this.#changedAt = performance.now();
    const silent = this.#channel;
    this.#renew(this.#library);
    this.#channel.getConnectivityState(true);
    silent.close();
  }
}
