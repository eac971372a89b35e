import { type Channel, connectivityState, Metadata } from "@grpc/grpc-js";

/** How often a connection that is not ready is looked after, in milliseconds. */
const TEND_INTERVAL = 250;
/** A connection that lasted this long is replaced at once when it breaks, in milliseconds. */
const STABLE_AFTER = 1_000;
/** The most that patience with a connection attempt grows to, in milliseconds. */
const MOST_PATIENCE = 60_000;

/**
 * A connection to one endpoint: a grpc-js channel that shares its HTTP/2 session with no other, kept up from the first
 * use until it is closed. Its timers never keep the process alive.
 */
export class Connection {
  /** The number of the endpoint it leads to. */
  readonly endpoint: number;
  /** How many calls are on it. */
  calls = 0;
  /** Whether a call started now goes out at once. */
  ready = false;

  readonly #open: () => Channel;
  readonly #onReady: () => void;
  #channel: Channel;
  #tender: NodeJS.Timeout | undefined;
  readonly #firstPatience: number;
  #patience: number;
  #changedAt = 0;
  #closed = false;

  /**
   * @param open makes the channel, and another when an attempt to connect leads nowhere
   * @param patience how long the first attempt to connect may take, in milliseconds
   */
  constructor(endpoint: number, open: () => Channel, patience: number, onReady: () => void) {
    this.endpoint = endpoint;
    this.#open = open;
    this.#firstPatience = patience;
    this.#patience = patience;
    this.#onReady = onReady;
    this.#channel = open();
    this.#watch(this.#channel);
    this.connect();
  }

  /** The channel to start calls on. */
  get channel(): Channel {
    return this.#channel;
  }

  /** Begins to connect, or to connect again, unless that is under way. */
  connect(): void {
    if (this.ready || this.#closed) return;
    this.#tender ??= setInterval(() => this.#tend(), TEND_INTERVAL).unref();
    this.#channel.getConnectivityState(true);
  }

  /** Tells why it is not ready, as far as is known. Nothing is sent. */
  explain(report: (reason: string) => void): void {
    if (this.#closed || this.#channel.getConnectivityState(false) !== connectivityState.TRANSIENT_FAILURE) {
      report("no answer yet");
      return;
    }
    // grpc-js tells its last connection error only to a call; in this state a call fails before anything is sent.
    const call = this.#channel.createCall("/", Number.POSITIVE_INFINITY, null, null, null);
    call.start(new Metadata(), {
      onReceiveMetadata() {},
      onReceiveMessage() {},
      onReceiveStatus: (status) => report(status.details),
    });
  }

  /** Lets go of the connection; calls on it go on until they end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.ready = false;
    clearInterval(this.#tender);
    this.#channel.close();
  }

  #watch(channel: Channel): void {
    const state = channel.getConnectivityState(false);
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => {
      if (this.#closed || channel !== this.#channel) return;
      this.#watch(channel);
      this.#changed(channel.getConnectivityState(false));
    });
  }

  #changed(state: connectivityState): void {
    const now = performance.now();
    const lasted = now - this.#changedAt;
    const wasReady = this.ready;
    this.#changedAt = now;
    this.ready = state === connectivityState.READY;
    if (this.ready) {
      this.#patience = this.#firstPatience;
      clearInterval(this.#tender);
      this.#tender = undefined;
      this.#onReady();
    } else if (wasReady) {
      // A server that accepts connections only to drop them must not be met with a storm of new ones.
      if (lasted >= STABLE_AFTER) queueMicrotask(() => this.connect());
      else this.#tender ??= setInterval(() => this.#tend(), TEND_INTERVAL).unref();
    }
  }

  #tend(): void {
    const state = this.#channel.getConnectivityState(true);
    if (performance.now() - this.#changedAt < this.#patience) return;
    // grpc-js puts no limit on an attempt: one that met silence, on TCP, TLS or HTTP/2, would go on for ever. After an
    // attempt that failed its state tells no more of those that follow: they may have met silence, or failed at once.
    if (state === connectivityState.CONNECTING) this.#patience = Math.min(this.#patience * 2, MOST_PATIENCE);
    this.#changedAt = performance.now();
    const silent = this.#channel;
    this.#channel = this.#open();
    this.#watch(this.#channel);
    this.#channel.getConnectivityState(true);
    silent.close();
  }
}
